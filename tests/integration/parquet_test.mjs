// Parquet files of ours are read by a reader that is not ours, value by value.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";

import { bin, run } from "../support/process.mjs";

async function written(rows) {
    const { code, stdout } = await run(join(bin, "unit_parquet_rows_tool"), [String(rows)],
        { encoding: "buffer" });
    assert.equal(code, 0);
    return stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength);
}

// rows_tool.c says the same.
function expected(i) {
    const name = i % 6 === 0 ? "" : `é${i}`;
    return {
        number: i % 2 ? 2n ** 63n - 1n - BigInt(i) : -(2n ** 63n) + BigInt(i),
        flag: i % 3 === 0,
        day: new Date((i % 40000 - 10000) * 86_400_000),
        at: new Date(Math.floor(i * 1000003 / 1000)),
        ratio: i % 5 === 0 ? undefined : i % 7 === 0 ? Infinity : i / 8,
        name: i % 4 === 1 ? undefined : name,
        maybe: i % 11 === 0 ? undefined : i % 2 === 0,
    };
}

for (const rows of [0, 1, 7, 8, 9, 1000, 300_000])
    test(`${rows} rows come back as they were written`, async () => {
        const file = await written(rows);
        const found = await parquetReadObjects({ file, compressors });
        assert.equal(found.length, rows);
        for (let i = 0; i < rows; i++) {
            const row = Object.fromEntries(Object.entries(found[i]).map(([name, value]) => [name, value ?? undefined]));
            assert.deepEqual(row, expected(i), `row ${i}`);
        }
    });

test("the schema says what each column is, and long files have several row groups", async () => {
    const metadata = parquetMetadata(await written(300_000));
    assert.equal(metadata.num_rows, 300_000n);
    assert.equal(metadata.row_groups.length, 3);
    const columns = parquetSchema(metadata).children.map(({ element }) =>
        [element.name, element.type, element.repetition_type, element.logical_type?.type ?? null]);
    assert.deepEqual(columns, [
        ["number", "INT64", "REQUIRED", null], ["flag", "BOOLEAN", "REQUIRED", null],
        ["day", "INT32", "REQUIRED", "DATE"], ["at", "INT64", "REQUIRED", "TIMESTAMP"],
        ["ratio", "DOUBLE", "OPTIONAL", null], ["name", "BYTE_ARRAY", "OPTIONAL", "STRING"],
        ["maybe", "BOOLEAN", "OPTIONAL", null],
    ]);
    for (const group of metadata.row_groups)
        for (const { meta_data: chunk } of group.columns)
            assert.ok(chunk.total_compressed_size < chunk.total_uncompressed_size, chunk.path_in_schema[0]);
});
