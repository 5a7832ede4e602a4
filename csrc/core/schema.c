/* schema.c: the built-in tables and their columns (names, types, keys, Vietnamese names); the one place that lists them.
 * Everything else (DDL, loaders, checks, documentation) is computed from here. May include: mk.h. */
#include "mk.h"

#define KEY (MK_C_KEY | MK_C_REQUIRED)
#define PART MK_C_KEY /* may be left out: then it is the empty text */
#define MUST MK_C_REQUIRED

static const mk_column sources_columns[] = {
    {"source", MK_T_TEXT, KEY, "nguồn|mã nguồn", NULL},
    {"title", MK_T_TEXT, 0, "tiêu đề", NULL},
    {"outlet", MK_T_TEXT, 0, "cơ quan báo chí|báo", NULL},
    {"address", MK_T_TEXT, 0, "địa chỉ", NULL},
    {"published", MK_T_DATE, 0, "ngày đăng", NULL},
    {"retrieved", MK_T_DATE, 0, "ngày lấy", NULL},
    {"kind", MK_T_TEXT, 0, "loại", NULL},
    {"reliability", MK_T_TEXT, 0, "độ tin cậy", NULL},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column operation_columns[] = {
    {"op", MK_T_TEXT, KEY, "chiến dịch", NULL},
    {"name_vi", MK_T_TEXT, 0, "tên", NULL},
    {"name_en", MK_T_TEXT, 0, "tên tiếng Anh", NULL},
    {"aliases", MK_T_TEXT, 0, "tên khác", NULL},
    {"started", MK_T_DATE, 0, "khởi động", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column phases_columns[] = {
    {"phase", MK_T_PHASE, KEY, "giai đoạn", NULL},
    {"variant", MK_T_TEXT, PART, "phương án", NULL},
    {"number", MK_T_INT, 0, "số", NULL},
    {"label", MK_T_TEXT, 0, "nhãn", NULL},
    {"date", MK_T_DATE, 0, "từ ngày|bắt đầu", NULL},
    {"date_to", MK_T_DATE, 0, "đến ngày|kết thúc", NULL},
    {"days", MK_T_INT, MK_C_AMOUNT, "số ngày", NULL},
    {"scope", MK_T_TEXT, 0, "phạm vi", NULL},
    {"preferred", MK_T_BOOL, 0, "được chọn", NULL},
    {"preliminary", MK_T_BOOL, 0, "sơ bộ", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column members_columns[] = {
    {"phase", MK_T_PHASE, KEY, "giai đoạn", NULL},
    {"member", MK_T_TEXT, KEY, "thành viên", NULL},
    {"variant", MK_T_TEXT, PART, "phương án", NULL},
    {"kind", MK_T_TEXT, 0, "loại", NULL},
    {"role", MK_T_TEXT, 0, "vai trò", NULL},
    {"from", MK_T_DATE, 0, "từ", NULL},
    {"to", MK_T_DATE, 0, "đến", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column claims_columns[] = {
    {"claim", MK_T_INT, KEY, "công bố", NULL},
    {"subject", MK_T_TEXT, MUST, "chủ thể", NULL},
    {"scope", MK_T_TEXT, 0, "phạm vi", NULL},
    {"measure", MK_T_TEXT, MUST, "chỉ tiêu", NULL},
    {"category", MK_T_TEXT, 0, "nhóm|nhóm hàng", NULL},
    {"item", MK_T_TEXT, 0, "mặt hàng", NULL},
    {"period", MK_T_TEXT, 0, "kỳ", NULL},
    {"phase", MK_T_PHASE, 0, "giai đoạn", NULL},
    {"lower", MK_T_DECIMAL, MK_C_MEASURED, "cận dưới", NULL},
    {"upper", MK_T_DECIMAL, MK_C_MEASURED, "cận trên", NULL},
    {"lower_open", MK_T_BOOL, 0, "cận dưới mở", NULL},
    {"upper_open", MK_T_BOOL, 0, "cận trên mở", NULL},
    {"best", MK_T_DECIMAL, MK_C_MEASURED, "giá trị", NULL},
    {"qualifier", MK_T_TEXT, 0, "mức độ", NULL},
    {"unit", MK_T_UNIT, 0, "đơn vị", NULL},
    {"preliminary", MK_T_BOOL, 0, "sơ bộ", NULL},
    {"base_kind", MK_T_TEXT, 0, "loại gốc so sánh", NULL},
    {"base_ref", MK_T_TEXT, 0, "gốc so sánh", NULL},
    {"direction", MK_T_TEXT, 0, "chiều", NULL},
    {"of_measure", MK_T_TEXT, 0, "của chỉ tiêu", NULL},
    {"parent", MK_T_INT, 0, "thuộc", NULL},
    {"supersedes", MK_T_INT, 0, "thay cho", NULL},
    {"preferred", MK_T_BOOL, 0, "được chọn", NULL},
    {"status", MK_T_TEXT, 0, "trạng thái", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"first", MK_T_INT, 0, "byte đầu", NULL},
    {"last", MK_T_INT, 0, "byte cuối", NULL},
    {"surface", MK_T_TEXT, 0, "nguyên văn số", NULL},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column meetings_columns[] = {
    {"meeting", MK_T_TEXT, KEY, "hội nghị", NULL},
    {"series", MK_T_TEXT, 0, "chuỗi", NULL},
    {"ordinal", MK_T_INT, 0, "lần thứ", NULL},
    {"date", MK_T_DATE, 0, "ngày", NULL},
    {"date_to", MK_T_DATE, 0, "đến ngày", NULL},
    {"place", MK_T_TEXT, 0, "nơi|địa điểm", NULL},
    {"parties", MK_T_TEXT, 0, "các bên", NULL},
    {"attendance", MK_T_TEXT, 0, "thành phần|tham dự", NULL},
    {"outcome", MK_T_TEXT, 0, "kết quả", NULL},
    {"outcome_en", MK_T_TEXT, 0, "kết quả tiếng Anh", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column plans_columns[] = {
    {"plan", MK_T_TEXT, KEY, "kế hoạch", NULL},
    {"meeting", MK_T_TEXT, 0, "hội nghị", "meetings"},
    {"party_a", MK_T_TEXT, 0, "bên A", NULL},
    {"unit_a", MK_T_TEXT, 0, "đơn vị A", NULL},
    {"party_b", MK_T_TEXT, 0, "bên B", NULL},
    {"unit_b", MK_T_TEXT, 0, "đơn vị B", NULL},
    {"status", MK_T_TEXT, 0, "trạng thái", NULL},
    {"places", MK_T_TEXT, 0, "địa bàn", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column statements_columns[] = {
    {"statement", MK_T_TEXT, KEY, "tuyên bố", NULL},
    {"parties", MK_T_TEXT, 0, "các bên", NULL},
    {"date", MK_T_DATE, 0, "ngày", NULL},
    {"date_to", MK_T_DATE, 0, "đến ngày", NULL},
    {"text_ref", MK_T_TEXT, 0, "dẫn chiếu", NULL},
    {"text_ref_en", MK_T_TEXT, 0, "dẫn chiếu tiếng Anh", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column focal_points_columns[] = {
    {"phase", MK_T_PHASE, KEY, "giai đoạn", NULL},
    {"country", MK_T_TEXT, KEY, "nước", NULL},
    {"level", MK_T_TEXT, PART, "cấp", NULL},
    {"force", MK_T_TEXT, PART, "lực lượng", NULL},
    {"count", MK_T_INT, MK_C_AMOUNT, "số lượng", NULL},
    {"qualifier", MK_T_TEXT, 0, "mức độ", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column alerts_columns[] = {
    {"phase", MK_T_PHASE, KEY, "giai đoạn", NULL},
    {"country", MK_T_TEXT, KEY, "nước", NULL},
    {"kind", MK_T_TEXT, KEY, "loại", NULL},
    {"count", MK_T_INT, MK_C_AMOUNT, "số lượng", NULL},
    {"qualifier", MK_T_TEXT, 0, "mức độ", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column places_columns[] = {
    {"place", MK_T_TEXT, KEY, "địa danh", NULL},
    {"kind", MK_T_TEXT, KEY, "loại", NULL},
    {"valid_from", MK_T_DATE, PART, "hiệu lực từ", NULL},
    {"name", MK_T_TEXT, 0, "tên", NULL},
    {"name_en", MK_T_TEXT, 0, "tên tiếng Anh", NULL},
    {"parent", MK_T_TEXT, 0, "thuộc", NULL},
    {"valid_to", MK_T_DATE, 0, "hiệu lực đến", NULL},
    {"seat", MK_T_TEXT, 0, "trụ sở", NULL},
    {"status", MK_T_TEXT, 0, "trạng thái", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column codes_columns[] = {
    {"kind", MK_T_TEXT, KEY, "loại", NULL},
    {"code", MK_T_TEXT, KEY, "mã", NULL},
    {"name_vi", MK_T_TEXT, 0, "tên", NULL},
    {"name_en", MK_T_TEXT, 0, "tên tiếng Anh", NULL},
    {"parent", MK_T_TEXT, 0, "thuộc", NULL},
    {"status", MK_T_TEXT, 0, "trạng thái", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column aliases_columns[] = {
    {"kind", MK_T_TEXT, KEY, "loại", NULL},
    {"code", MK_T_TEXT, KEY, "mã", NULL},
    {"alias", MK_T_TEXT, KEY, "tên gọi", NULL},
    {"lang", MK_T_TEXT, 0, "ngôn ngữ", NULL},
    {"valid_from", MK_T_DATE, 0, "hiệu lực từ", NULL},
    {"valid_to", MK_T_DATE, 0, "hiệu lực đến", NULL},
};

static const mk_column conversions_columns[] = {
    {"item", MK_T_TEXT, PART, "mặt hàng", NULL},
    {"unit", MK_T_UNIT, KEY, "đơn vị", NULL},
    {"to_unit", MK_T_UNIT, KEY, "sang đơn vị", NULL},
    {"factor_lo", MK_T_DECIMAL, MUST, "hệ số thấp", NULL},
    {"factor_hi", MK_T_DECIMAL, MUST, "hệ số cao", NULL},
    {"status", MK_T_TEXT, 0, "trạng thái", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", "sources"},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column cases_columns[] = {
    {"case", MK_T_TEXT, KEY, "vụ|mã vụ|số vụ", NULL},
    {"phase", MK_T_PHASE, 0, "giai đoạn", NULL},
    {"date", MK_T_DATE, 0, "ngày", NULL},
    {"date_to", MK_T_DATE, 0, "đến ngày", NULL},
    {"reporter", MK_T_TEXT, 0, "nước|nước báo cáo", NULL},
    {"partner", MK_T_TEXT, 0, "đối tác", NULL},
    {"agency", MK_T_TEXT, 0, "cơ quan|đơn vị", NULL},
    {"province", MK_T_TEXT, 0, "tỉnh", NULL},
    {"place", MK_T_TEXT, 0, "nơi|địa điểm", NULL},
    {"channel", MK_T_TEXT, 0, "tuyến", NULL},
    {"direction", MK_T_TEXT, 0, "chiều", NULL},
    {"detection", MK_T_TEXT, 0, "cách phát hiện", NULL},
    {"role", MK_T_TEXT, 0, "vai trò", NULL},
    {"suspects", MK_T_INT, MK_C_AMOUNT, "đối tượng|số đối tượng", NULL},
    {"joint", MK_T_BOOL, 0, "phối hợp", NULL},
    {"intel", MK_T_TEXT, 0, "nguồn tin", NULL},
    {"origin", MK_T_TEXT, 0, "nước đi|xuất xứ", NULL},
    {"transit", MK_T_TEXT, 0, "quá cảnh", NULL},
    {"destination", MK_T_TEXT, 0, "nước đến|đích|dest", NULL},
    {"status", MK_T_TEXT, 0, "trạng thái", NULL},
    {"dup_of", MK_T_TEXT, 0, "trùng với", NULL},
    {"source", MK_T_TEXT, 0, "nguồn", NULL},
    {"note", MK_T_TEXT, 0, "ghi chú", NULL},
};

static const mk_column lines_columns[] = {
    {"case", MK_T_TEXT, KEY, "vụ|mã vụ", "cases"},
    {"line", MK_T_INT, KEY, "dòng", NULL},
    {"category", MK_T_TEXT, 0, "nhóm|nhóm hàng", NULL},
    {"item", MK_T_TEXT, 0, "mặt hàng", NULL},
    {"commodity", MK_T_TEXT, 0, "tang vật", NULL},
    {"form", MK_T_TEXT, 0, "dạng", NULL},
    {"quantity", MK_T_DECIMAL, MK_C_MEASURED | MK_C_TYPED | MK_C_AMOUNT, "số lượng", NULL},
    {"unit", MK_T_UNIT, 0, "đơn vị tính|đơn vị", NULL},
    {"value_vnd", MK_T_DECIMAL, MK_C_TYPED | MK_C_AMOUNT, "trị giá", NULL},
    {"suspected", MK_T_BOOL, 0, "nghi là", NULL},
    {"included_in", MK_T_INT, 0, "nằm trong dòng", NULL},
    {"equivalent_of", MK_T_INT, 0, "tương đương dòng", NULL},
};

static const mk_column persons_columns[] = {
    {"case", MK_T_TEXT, KEY, "vụ|mã vụ", "cases"},
    {"line", MK_T_INT, KEY, "dòng", NULL},
    {"count", MK_T_INT, MK_C_AMOUNT, "số người", NULL},
    {"role", MK_T_TEXT, 0, "vai trò", NULL},
    {"nationality", MK_T_TEXT, 0, "quốc tịch", NULL},
    {"sex", MK_T_TEXT, 0, "giới tính", NULL},
    {"age_band", MK_T_TEXT, 0, "nhóm tuổi", NULL},
};

#define TABLE(name, aliases) {#name, name##_columns, sizeof name##_columns / sizeof name##_columns[0], aliases}

const mk_table_def mk_tables[] = {
    TABLE(sources, "nguồn|tài liệu"),
    TABLE(operation, "chiến dịch"),
    TABLE(phases, "các giai đoạn"),
    TABLE(members, "thành viên"),
    TABLE(claims, "công bố|số liệu công bố"),
    TABLE(meetings, "hội nghị|cuộc họp"),
    TABLE(plans, "kế hoạch"),
    TABLE(statements, "tuyên bố"),
    TABLE(focal_points, "đầu mối"),
    TABLE(alerts, "cảnh báo"),
    TABLE(places, "địa danh"),
    TABLE(codes, "mã"),
    TABLE(aliases, "tên gọi khác"),
    TABLE(conversions, "quy đổi"),
    TABLE(cases, "vụ|vụ việc"),
    TABLE(lines, "dòng tang vật"),
    TABLE(persons, "đối tượng"),
    {NULL, NULL, 0, NULL},
};

const size_t mk_table_count = sizeof mk_tables / sizeof mk_tables[0] - 1;
