# Common to every command
help = Vạn Dân: a national population register and chip ID cards in one program
help-any-json = Print exactly one JSON document
help-any-lang = Language: vi or en
help-any-data = The installation's data folder
help-any-session = The session token from `vandan sign-in` (or the variable VANDAN_SESSION)
help-any-help = Print this help
help-any-version = Print the version
error-unnamed = This could not be done ({ $code }).
