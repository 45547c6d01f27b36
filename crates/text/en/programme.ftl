help-programme = Follow the programme
help-programme-board = The board, by unit
help-programme-board-as-of = As it was at this time
help-programme-board-unit = Only this unit and those below it
board-nation = The nation
board-above = above average
board-line = { $measure }  { $rank }  { $name }  { $value }  { $percent }  { $above }
