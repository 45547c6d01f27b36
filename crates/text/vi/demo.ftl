help-demo = Toàn bộ công việc chính trên dữ liệu mẫu
help-demo-data = Thư mục của bản trình diễn
help-demo-once = Kết thúc ngay khi xong
help-demo-persons = Bao nhiêu người
help-demo-applications = Bao nhiêu hồ sơ
help-demo-cards = Bao nhiêu thẻ
demo-folder = Thư mục { $folder } đã có và không phải của bản trình diễn; hãy chọn thư mục khác bằng --data.
demo-sample = Dữ liệu mẫu: { $rows } dòng trong { $files } tệp. Không ai trong đó có thật.
demo-collect = 1. THU THẬP
demo-linkage = Đối chiếu so với sự thật: độ chính xác { $precision }, độ đầy đủ { $recall }, F1 { $f1 }.
demo-enrol = 2. THU NHẬN
demo-step-enrol = Thu nhận
demo-enrolled = { $applications } hồ sơ với { $fingers } ngón tay; { $again } gói tin gửi lại được nhận ra.
demo-check = 3. KIỂM TRA
demo-decided = { $cases } việc nghi trùng, mỗi việc do hai cán bộ quyết định.
demo-issue = 4. CẤP THẺ
demo-use = 5. SỬ DỤNG
demo-steer = 6. ĐIỀU HÀNH
demo-done = Xong sau { $seconds } giây. Mọi thứ nằm trong { $folder }.
demo-next = Bảng điều khiển trên trình duyệt chưa có trong phiên bản này. Hãy thử:
    vandan status --data { $data }
    vandan person find "nguyen" --purpose "thử" --data { $data }
    vandan programme board --data { $data }
    vandan case list --data { $data }
    vandan audit verify --data { $data }
