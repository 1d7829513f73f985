// strict: holds a JSON message against the official definitions. The SDK reads past what it does not
// know; here that is an error: unknown fields, unknown enum names, 64-bit integers as numbers.

function enumProblem(field, value, at) {
    const known = typeof value === "string"
        ? value in field.resolvedType.values : value in field.resolvedType.valuesById;
    return known ? [] : [`${at}: ${field.resolvedType.name} has no ${value}`];
}

function scalarProblem(field, value, at) {
    const wanted = { int64: "string", uint64: "string", string: "string", bool: "boolean" };
    const type = wanted[field.type] ?? (field.type === "bytes" ? "string" : "number");
    return typeof value === type ? [] : [`${at}: ${field.type} as ${typeof value}`];
}

function anyProblems(root, value, at) {
    const name = value["@type"]?.replace("type.googleapis.com/", "");
    if (!name) return [`${at}: no @type`];
    // The definitions are of one version; others differ in their package's name alone.
    const { "@type": _, ...rest } = value;
    return problems(root, name.replace(/\.v\d+\./, ".v24."), rest, at);
}

function valueProblems(root, field, value, at) {
    const type = field.resolvedType?.fullName;
    if (type === ".google.protobuf.FieldMask" || type === ".google.protobuf.Duration") {
        return typeof value === "string" ? [] : [`${at}: ${type} as ${typeof value}`];
    }
    if (type === ".google.protobuf.Any") return anyProblems(root, value, at);
    if (field.resolvedType?.values) return enumProblem(field, value, at);
    if (field.resolvedType) return problems(root, type, value, at);
    return scalarProblem(field, value, at);
}

export function problems(root, typeName, json, at = typeName) {
    const type = root.lookupType(typeName);
    return Object.entries(json).flatMap(([name, value]) => {
        const field = type.fields[name]?.resolve();
        if (!field) return [`${at}.${name}: unknown`];
        const values = field.repeated ? value : [value];
        if (!Array.isArray(values)) return [`${at}.${name}: not a list`];
        return values.flatMap((each) => valueProblems(root, field, each, `${at}.${name}`));
    });
}
