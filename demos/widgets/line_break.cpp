// Greedy: each line as long as it may be.
#include "demos/widgets/line_break.h"

#include <imgui_internal.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace trilens {
namespace {

struct Character {
    const char *begin, *end;
    unsigned int code;
    float width;
};

bool within(unsigned int c, unsigned int low, unsigned int high) { return c >= low && c <= high; }
bool is_any(unsigned int c, std::u32string_view of) { return of.find(static_cast<char32_t>(c)) != std::u32string_view::npos; }

bool is_chinese(unsigned int c) {
    return within(c, 0x2e80, 0x9fff) || within(c, 0xf900, 0xfaff) || within(c, 0xfe30, 0xfe4f) || within(c, 0xff00, 0xffef) ||
           within(c, 0x20000, 0x3ffff);
}
bool is_letter(unsigned int c) { return within(c | 0x20, 'a', 'z'); }
bool opens(unsigned int c) { return is_any(c, U"([{“‘《〈「『【（［｛"); }
bool closes(unsigned int c) { return is_any(c, U")]}”’》〉」』】）］｝，。、；：！？．％…·.,:;!?%"); }

// Whether a line may end before character i.
bool may_end_before(const std::vector<Character>& all, size_t i) {
    const unsigned int before = all[i - 1].code, after = all[i].code;
    if (after == ' ') return false;
    if (before == ' ') return after != '%';
    if (opens(before) || closes(after)) return false;
    return is_chinese(before) || is_chinese(after) || (before == '-' && is_letter(after));
}

// How many of the characters from `from` on the line takes.
size_t line_length(const std::vector<Character>& all, size_t from, float width) {
    float used = 0;
    size_t stop = from;
    for (size_t i = from; i < all.size(); ++i) {
        if (i > from && may_end_before(all, i)) stop = i;
        used += all[i].width;
        if (used > width && all[i].code != ' ') return stop > from ? stop - from : std::max<size_t>(i - from, 1);
    }
    return all.size() - from;
}

void break_line(std::string_view text, float width, const std::function<float(unsigned int)>& advance, std::string& out) {
    std::vector<Character> all;
    all.reserve(text.size());
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at < end;) {
        unsigned int code = 0;
        const char* const next = at + ImTextCharFromUtf8(&code, at, end);
        all.push_back({at, next, code, advance(code)});
        at = next;
    }
    for (size_t from = 0; from < all.size();) {
        size_t length = line_length(all, from, width);
        const size_t rest = from + length;
        if (rest < all.size())
            while (length > 0 && all[from + length - 1].code == ' ') --length;
        if (length > 0) out.append(all[from].begin, all[from + length - 1].end);
        if (rest < all.size()) out += '\n';
        from = rest;
    }
}

}  // namespace

std::string break_lines(std::string_view text, float width, const std::function<float(unsigned int)>& advance) {
    std::string out;
    for (size_t from = 0;;) {
        const size_t end = text.find('\n', from);
        break_line(text.substr(from, end - from), width, advance, out);
        if (end == std::string_view::npos) return out;
        out += '\n';
        from = end + 1;
    }
}

}  // namespace trilens
