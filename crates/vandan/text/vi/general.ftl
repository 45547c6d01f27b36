# Chung cho mọi lệnh
help = Vạn Dân: cơ sở dữ liệu quốc gia về dân cư và thẻ căn cước gắn chip, trong một chương trình
help-any-json = In ra đúng một tài liệu JSON
help-any-lang = Ngôn ngữ: vi hoặc en
help-any-data = Thư mục dữ liệu của cơ sở
help-any-session = Mã phiên do `vandan sign-in` cấp (hoặc biến VANDAN_SESSION)
help-any-help = In phần trợ giúp này
help-any-version = In phiên bản
error-unnamed = Không thực hiện được ({ $code }).
