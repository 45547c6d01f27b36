help-bench = Measure speed on this machine
help-bench-what = What to measure
help-bench-persons = How many persons
bench-line = { $name }  { $value }
