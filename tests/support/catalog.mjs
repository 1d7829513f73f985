// catalog: what Postgres' own catalogue says of rights, functions and owners, held against the fleet's
// rows. Each check returns how many things it looked at.
import assert from "node:assert/strict";

// Every right anybody but its owner holds in our schemas and on our database: "PRIVILEGE ON thing".
export const grantsInForce = `
    WITH things AS (
        SELECT 'SCHEMA ' || nspname AS thing, nspacl AS acl, nspowner AS owner, 'n' AS kind
          FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'
        UNION ALL
        SELECT n.nspname || '.' || c.relname, coalesce(c.relacl, acldefault(
                   CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner)), c.relowner,
               CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname !~ '^pg_|^information_schema$' AND c.relkind IN ('r', 'v', 'm', 'S', 'f', 'p')
        UNION ALL
        SELECT n.nspname || '.' || c.relname || '.' || a.attname, a.attacl, c.relowner, 'COLUMN'
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname !~ '^pg_|^information_schema$' AND a.attacl IS NOT NULL
        UNION ALL
        SELECT 'FUNCTION ' || n.nspname || '.' || p.proname, coalesce(p.proacl, acldefault('f', p.proowner)),
               p.proowner, 'f'
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname !~ '^pg_|^information_schema$'
        UNION ALL
        SELECT 'DATABASE', datacl, datdba, 'd' FROM pg_database WHERE datname = current_database())
    SELECT coalesce(g.rolname, 'PUBLIC') AS role, a.privilege_type || ' ON ' || thing AS right_, a.is_grantable
      FROM things CROSS JOIN LATERAL aclexplode(acl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
     WHERE a.grantee <> owner AND coalesce(g.rolname, '') <> 'postgres'`;

// "SELECT, INSERT ON t" → one right a verb.
export function rightsOf(role, grants) {
    return grants.flatMap((grant) => {
        const [verbs, thing] = grant.split(" ON ");
        return verbs.split(", ").map((verb) => `${role} ${verb} ON ${thing}`);
    });
}

const rowsOf = async (sql, text) => (await sql.query(text)).rows;

export const loginsOf = (fleet) => [...fleet.members.filter(({ role }) => role).map(({ role }) => role),
    "aelp_migrate"];

export async function assertRightsAreTheRows(sql, fleet) {
    const wanted = new Set([
        ...fleet.members.flatMap(({ role, grants }) => rightsOf(role, grants)),
        ...fleet.owners.flatMap(({ role, grants }) => rightsOf(role, grants)),
        ...loginsOf(fleet).map((role) => `${role} CONNECT ON DATABASE`)]);
    const found = await rowsOf(sql, grantsInForce);
    const inForce = new Set(found.map(({ role, right_ }) => `${role} ${right_}`));
    assert.deepEqual([...inForce].filter((one) => !wanted.has(one)).sort(), [], "granted, not in the rows");
    assert.deepEqual([...wanted].filter((one) => !inForce.has(one)).sort(), [], "in the rows, not granted");
    assert.deepEqual(found.filter(({ is_grantable: grantable }) => grantable), [], "grantable");
    return inForce.size;
}

// A right is given by a function's name: two of one name, and one of them is nobody's intention.
export async function assertFunctionsAreSafe(sql) {
    assert.deepEqual(await rowsOf(sql, `SELECT n.nspname, p.proname FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^pg_|^information_schema$'
        GROUP BY 1, 2 HAVING count(*) > 1`), [], "overloads");
    const callable = await rowsOf(sql, `
        SELECT DISTINCT p.oid::regprocedure::text AS name, p.prosecdef, p.proconfig, g.rolname AS role,
               p.proname LIKE '\\_%' AS inner_, a.grantee = 0 AS public_
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
          LEFT JOIN pg_roles g ON g.oid = a.grantee
         WHERE n.nspname !~ '^pg_|^information_schema$' AND a.grantee <> p.proowner`);
    assert.ok(callable.length > 40);
    for (const one of callable) {
        assert.ok(!one.public_, `${one.name} is everybody's`);
        assert.ok(one.prosecdef, `${one.name} runs with its caller's rights`);
        assert.ok(one.proconfig?.includes("search_path=pg_catalog, pg_temp"), `${one.name}: ${one.proconfig}`);
        if (one.inner_) assert.match(one.role, /_owner$/, `${one.name} is ${one.role}'s`);
    }
    return callable.length;
}

export async function assertOwnersOwn(sql) {
    assert.deepEqual(await rowsOf(sql, `SELECT n.nspname, c.relname, r.rolname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
        WHERE n.nspname !~ '^pg_|^information_schema$' AND r.rolname <> n.nspname || '_owner'`), []);
    assert.deepEqual(await rowsOf(sql, `SELECT p.proname, r.rolname FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
        WHERE n.nspname !~ '^pg_|^information_schema$' AND r.rolname <> n.nspname || '_owner'`), []);
}
