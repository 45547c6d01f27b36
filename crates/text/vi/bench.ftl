help-bench = Đo tốc độ trên máy này
help-bench-what = Đo việc gì
help-bench-persons = Bao nhiêu người
bench-line = { $name }  { $value }
