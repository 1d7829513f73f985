// schema: checks a value against a schema of an OpenAPI document: types, members, enums, patterns.

const typeOf = (value) => value === null ? "null" : Array.isArray(value) ? "array"
    : Number.isInteger(value) ? "integer" : typeof value;

// [] when the value fits, otherwise what does not, each with its place.
export function misfits(document, schema, value, place = "") {
    if (schema.$ref) {
        const target = schema.$ref.slice(2).split("/").reduce((at, name) => at[name], document);
        return misfits(document, target, value, place);
    }
    const types = schema.type === undefined ? [] : [schema.type].flat();
    const type = typeOf(value);
    if (types.length && !types.includes(type) && !(type === "integer" && types.includes("number"))) {
        return [`${place}: ${type}, not ${types.join(" or ")}`];
    }
    const found = [];
    if (schema.enum && !schema.enum.includes(value)) found.push(`${place}: ${value} is not in the enum`);
    if (schema.pattern && type === "string" && !new RegExp(schema.pattern).test(value)) {
        found.push(`${place}: ${value} does not match ${schema.pattern}`);
    }
    if (schema.format === "date-time" && type === "string" && Number.isNaN(Date.parse(value))) {
        found.push(`${place}: ${value} is no time`);
    }
    if (type === "array") {
        value.forEach((item, n) => found.push(...misfits(document, schema.items ?? {}, item, `${place}/${n}`)));
    }
    if (type === "object") found.push(...objectMisfits(document, schema, value, place));
    return found;
}

function objectMisfits(document, schema, value, place) {
    const found = (schema.required ?? []).filter((name) => !(name in value))
        .map((name) => `${place}/${name}: missing`);
    for (const [name, member] of Object.entries(value)) {
        const known = schema.properties?.[name];
        if (known) found.push(...misfits(document, known, member, `${place}/${name}`));
        else if (schema.additionalProperties === false) found.push(`${place}/${name}: not described`);
    }
    return found;
}
