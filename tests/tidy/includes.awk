# includes: who may include what. First CMakeLists.txt, whose rows are the DAG, then C files.
# An archive may include itself and what its LINKS reach; a service or tool the same from its row
# (its own, or that of all of its kind), its own folder, and never another's; services/world never
# the platform archive.

function owner_of(path,    part) {
    split(path, part, "/")
    if (part[1] == "libcommon") return part[2]
    if (part[1] == "services" || part[1] == "tools") return part[1] "/" part[2]
    return ""
}

function reaches(from, to,    i, n, next_) {
    if (from == to) return 1
    n = split(links[from], next_, " ")
    for (i = 1; i <= n; i++)
        if (next_[i] != "" && reaches(next_[i], to)) return 1
    return 0
}

function row_links(line) {
    sub(/.*LINKS */, "", line)
    sub(/\).*/, "", line)
    return line
}

FNR == NR && /^aelp_archive\(/ {
    name = $0
    sub(/^aelp_archive\( */, "", name)
    sub(/[ )].*/, "", name)
    links[name] = /LINKS/ ? row_links($0) : ""
    next
}
FNR == NR && /^aelp_program\(/ {
    name = $0
    sub(/^aelp_program\( */, "", name)
    sub(/ +LINKS.*/, "", name)
    sub(/ /, "/", name)
    links[name] = row_links($0)
    next
}
FNR == NR && /^aelp_each_service\(/ { links["services"] = row_links($0); next }
FNR == NR && /^aelp_each_tool\(/ { links["tools"] = row_links($0); next }
FNR == NR { next }

FNR == 1 {
    base = FILENAME
    sub(/.*\//, "", base)
    owner = owner_of(FILENAME)
    if (owner != "" && base ~ /\.h$/) has[owner, base] = 1
    if (owner != "" && owner !~ /\// && base ~ /\.h$/) archive_of[base] = owner
    if (owner ~ /\//) program_of[base] = owner
}
/^#include "/ {
    split($0, quoted, "\"")
    header = quoted[2]
    if (owner != "") {
        count++
        where[count] = FILENAME ":" FNR
        who[count] = owner
        what[count] = header
    }
}
END {
    for (i = 1; i <= count; i++) {
        header = what[i]
        if (header ~ /\//) { print where[i] ": a path in an include: " header; continue }
        if ((who[i], header) in has || header ~ /_sql\.h$/) continue
        from = who[i]
        if (!(from in links)) sub(/\/.*/, "", from)
        to = header ~ /\.pb-c\.h$/ ? "proto" : archive_of[header]
        if (to == "") {
            if (header in program_of) print where[i] ": " who[i] " includes " program_of[header] "'s " header
            else print where[i] ": nobody has " header
        } else if (who[i] == "services/world" && to == "platform") {
            print where[i] ": the world never includes platform"
        } else if (!reaches(from, to)) {
            print where[i] ": " who[i] " may not use " to " (" header ")"
        }
    }
}
