# Writes each fenced block of a document to a numbered file in DIR: NNN.LANGUAGE. NNN.before has the last line of the
# paragraph before it.
/^```/ {
    if (file) { close(file); file = ""; before = ""; next }
    number++
    file = sprintf("%s/%03d.%s", dir, number, substr($0, 4) == "" ? "none" : substr($0, 4))
    printf "%s", "" > file
    print before > sprintf("%s/%03d.before", dir, number)
    next
}
file { print > file; next }
NF { before = $0 }
