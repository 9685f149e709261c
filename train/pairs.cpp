// Lines of the file, in simplified characters.
#include "train/pairs.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "engine/data/tokens.h"
#include "engine/errors.h"
#include "train/files.h"
#include "train/simplified.h"

namespace trilens {
namespace {

// Characters of today's prose that the poems of train/simplified.cpp have not: a traditional one and its simplified form each.
constexpr std::string_view prose =
    "這这們们嗎吗麼么給给該该現现幫帮訴诉瑪玛媽妈確确講讲頓顿輛辆費费準准辦办鋼钢劃划課课員员備备擔担夠够賽赛錶表駛驶謊谎訂订隊队貓猫"
    "誕诞務务預预設设顯显餓饿棟栋證证傘伞緊紧職职據据釋释討讨趕赶槍枪擇择藝艺碼码鹽盐譯译薩萨紐纽鑰钥責责則则災灾驗验諾诺紹绍廳厅嬰婴"
    "塊块嚇吓簡简腦脑籃篮閱阅丟丢褲裤襯衬訊讯鈴铃聰聪獄狱鈕钮導导誌志簽签優优冊册獲获類类購购攝摄爺爷績绩唸念係系貝贝財财測测庫库劇剧"
    "評评歐欧資资錄录統统眾众滾滚瘋疯厲厉產产齡龄獎奖餅饼罰罚貼贴毀毁擠挤騙骗闆板搶抢襪袜鬥斗闖闯協协澆浇櫃柜柵栅瞭了撫抚組组醬酱僱雇"
    "恥耻擋挡賬账貨货膚肤廠厂嚨咙賺赚懲惩幚帮窩窝級级權权竊窃詳详諒谅睜睁絡络憤愤稅税臟脏鬧闹彎弯廁厕償偿罵骂飪饪誘诱輾辗膽胆譽誉偉伟"
    "隸隶幣币鑽钻蠅蝇膠胶颱台佈布註注詢询辯辩挾挟奮奋礎础襲袭皺皱禱祷齦龈岡冈摑掴髒脏倆俩嚐尝蠣蛎喪丧勵励輯辑脅胁鍋锅軌轨瞞瞒餵喂審审"
    "蔭荫悅悦贊赞嬸婶頁页尷尴訓训豬猪療疗縫缝獅狮診诊餡馅覽览順顺匯汇諮咨謙谦遜逊撿捡蔥葱櫥橱佔占誼谊繪绘啞哑創创凱凯聾聋億亿閃闪穌稣"
    "檸柠搆构穫获純纯脹胀醜丑欖榄鴕鸵匱匮諜谍綽绰屜屉癢痒鋒锋擺摆靦腼痠酸釘钉謎谜髪发飾饰桿杆輟辍傑杰貸贷暱昵呎尺撐撑鯨鲸賄贿賂赂妳你"
    "緝缉盜盗遅迟頬颊紉纫腫肿錨锚毆殴籲吁囓啮僕仆鮭鲑鎊镑擱搁囑嘱産产燙烫鈅钥侖仑碩硕轟轰艱艰崗岗闔阖瘧疟讚赞囪囱謠谣癒愈卹恤奧奥潑泼"
    "禿秃釧钏閤合瀕濒誡诫翹翘墊垫彌弥摯挚鋸锯兇凶剎刹紳绅絆绊販贩縮缩兌兑肅肃偽伪噓嘘擴扩巔巅賠赔氾泛濫滥慫怂覚觉傢家懼惧犢犊鐳镭踐践"
    "龐庞頑顽繳缴恆恒譜谱勁劲綁绑兿艺紡纺悶闷迺乃倉仓彙汇逹达謬谬銳锐洩泄頗颇儉俭偵侦構构黨党";

std::string simplified_prose(std::string_view text) {
    static const std::unordered_map<std::string, std::string> by_character = [] {
        std::unordered_map<std::string, std::string> map;
        const std::vector<Token> all = tokenize(prose, TokenKind::characters);
        for (size_t i = 0; i + 1 < all.size(); i += 2) map.emplace(all[i].text, all[i + 1].text);
        return map;
    }();
    std::string out;
    for (const Token& token : tokenize(simplified(text), TokenKind::characters)) {
        if (token.text == "\xe2\x80\x8b") continue;  // a space of no width
        const auto found = by_character.find(token.text);
        out += found == by_character.end() ? token.text : found->second;
    }
    return out;
}

std::string text_of(const std::filesystem::path& path) {
    try {
        const std::vector<uint8_t> bytes = read_file(path);
        return {bytes.begin(), bytes.end()};
    } catch (const FormatError& error) {
        throw FormatError(
            std::string(error.what()) +
            ".\ncmn.txt is that of github.com/jayeew/MachineTranslation-Transformer (Tatoeba's pairs by way of manythings.org/anki). Name "
            "its folder:\ntrain translate --data FOLDER");
    }
}

}  // namespace

std::vector<SentencePair> read_pairs(const std::filesystem::path& path) {
    const std::string text = text_of(path);
    std::vector<SentencePair> out;
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        begin = end + 1;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        const size_t tab = line.find('\t');
        if (tab == std::string::npos)
            throw FormatError(path.string() + ": the line \"" + line + "\" has no tab, expected English, a tab, Chinese");
        out.push_back({line.substr(0, tab), simplified_prose(std::string_view(line).substr(tab + 1))});
    }
    return out;
}

}  // namespace trilens
