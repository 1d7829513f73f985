# sizes: files up to 500 lines, functions up to 60. First the exceptions ("path lines" or
# "path:function lines"), then all files. An exception that is larger than needed fails too.

function check(name, line, lines, most) {
    if (name in allowed) {
        seen[name] = 1
        if (lines > allowed[name]) print line ": " name " has grown to " lines " lines (" allowed[name] " allowed)"
        else if (lines < allowed[name]) print line ": lower the exception for " name " to " (lines > most ? lines : "nothing")
    } else if (lines > most) {
        print line ": " lines " lines (" most " at most)"
    }
}

function end_file() {
    if (current != "") check(current, current ":1", length_, 500)
}

FNR == NR && FILENAME ~ /long\.txt$/ {
    if (!/^#/ && NF == 2) allowed[$1] = $2
    next
}
FNR == 1 { end_file(); current = FILENAME; is_c = current ~ /\.c$/; name = ""; begun = 0 }
{ length_ = FNR }
is_c && /^[a-zA-Z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
is_c && /^\{/ { begun = FNR }
is_c && /^\}/ && begun { check(current ":" name, current ":" begun, FNR - begun - 1, 60); begun = 0 }
END {
    end_file()
    for (name in allowed)
        if (!(name in seen)) print "tests/tidy/long.txt:1: " name " no longer exists"
}
