help-programme = Theo dõi tiến độ
help-programme-board = Bảng tiến độ theo đơn vị
help-programme-board-as-of = Như tại thời điểm này
help-programme-board-unit = Chỉ đơn vị này và cấp dưới
board-nation = Toàn quốc
board-above = trên trung bình
board-line = { $measure }  { $rank }  { $name }  { $value }  { $percent }  { $above }
