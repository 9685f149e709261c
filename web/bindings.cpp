// Embind: the page API of demos/api.h and the few calls of the frame loop. Coarse: JSON texts, typed arrays copied once.
// What can throw answers {"value": ...} or {"error": {type, message}}: page/trilens.js turns that into a JavaScript exception.
#include <emscripten/bind.h>
#include <emscripten/threading.h>
#include <emscripten/val.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "demos/weights.h"
#include "engine/errors.h"
#include "engine/models/signature.h"
#include "engine/parallel.h"
#include "web/input.h"
#include "web/shell.h"

namespace trilens {

namespace {

using emscripten::val;

std::unique_ptr<Shell> shell;
double last_frame = 0;

Api& api() {
    if (!shell) throw ValueError("the page API was called before the program started");
    return shell->api();
}

std::string refusal(const char* type, const char* message) {
    return nlohmann::json{{"error", {{"type", type}, {"message", message}}}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The JSON text that `body` returns as {"value": ...}; null where it returns nothing; its exception as {"error": ...}.
template <typename Body>
std::string answer(Body&& body) {
    try {
        if constexpr (std::is_void_v<decltype(body())>) {
            body();
            shell->app().wake();
            return R"({"value":null})";
        } else {
            return "{\"value\":" + std::string(body()) + "}";
        }
    } catch (const ValueError& error) {
        return refusal("ValueError", error.what());
    } catch (const ShapeError& error) {
        return refusal("ShapeError", error.what());
    } catch (const FormatError& error) {
        return refusal("FormatError", error.what());
    } catch (const NonFiniteError& error) {
        return refusal("NonFiniteError", error.what());
    } catch (const std::bad_alloc&) {
        return refusal("MemoryError", "this needs more memory than the page has");
    } catch (const std::exception& error) {
        return refusal("Error", error.what());
    }
}

std::string json_text(std::string_view text) { return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

// An answer whose value is a typed array of its own, under "data".
template <typename Body>
val answer_with_data(Body&& body) {
    val data = val::undefined();
    const std::string text = answer([&] { return body(data); });
    val out = val::object();
    out.set("answer", text);
    out.set("data", data);
    return out;
}

// Creates everything on Module.canvas. `json`: {threads, isolated, build, software, mac}.
std::string start(std::string json) {
    return answer([&] {
        const auto wanted = nlohmann::json::parse(json);
        set_threads(wanted.value("threads", 1));
        Shell::Options options;
        options.software = wanted.value("software", false);
        options.host.isolated = wanted.value("isolated", false);
        options.host.worker = options.host.isolated;
        options.host.build = wanted.value("build", "single");
        shell = std::make_unique<Shell>(options);
        connect_input();
        ImGui::GetIO().ConfigMacOSXBehaviors = wanted.value("mac", false);
        shell->app().set_embedded(wanted.value("embedded", false));
        shell->app().set_reduced_motion(wanted.value("reducedMotion", false));
    });
}

// Draws if there is something to draw, at `now` milliseconds. Says what the page does next:
// {more: another frame is wanted, sleep: milliseconds until one is due by itself, cursor: ImGuiMouseCursor, caret: null or {x, y, height},
// copied: null or text}.
val frame(double now) {
    val out = val::object();
    if (shell->wants_frame()) {
        shell->frame(static_cast<float>((now - last_frame) / 1000));
        last_frame = now;
    }
    out.set("more", shell->wants_frame());
    // The app's clock stands still since the last frame that was drawn.
    out.set("sleep", std::max(0.0, shell->sleep() * 1000 - (now - last_frame)));
    out.set("cursor", static_cast<int>(ImGui::GetMouseCursor()));
    val at = val::null();
    if (const Caret& place = caret(); place.wanted) {
        at = val::object();
        at.set("x", place.x);
        at.set("y", place.y);
        at.set("height", place.height);
    }
    out.set("caret", at);
    const char* text = take_copied();
    out.set("copied", text ? val::u8string(text) : val::null());
    return out;
}

void wake() { shell->app().wake(); }

void resize(double width, double height, int pixel_width, int pixel_height) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    io.DisplayFramebufferScale = {static_cast<float>(pixel_width / width), static_cast<float>(pixel_height / height)};
    // A wall of pixels is looked at from further away: on screens beyond 1920 x 1080 CSS pixels everything grows.
    shell->app().set_scale(static_cast<float>(std::clamp(std::min(width / 1920, height / 1040), 1.0, 2.0)));
    shell->screen().resize(pixel_width, pixel_height);
    wake();
}

void renew() {
    shell->screen().renew();
    wake();
}

std::string get(std::string name) {
    return answer([&] { return api().get(name); });
}
std::string picture(val rgba, int width, int height) {
    return answer([&] {
        const std::vector<uint8_t> bytes = emscripten::convertJSArrayToNumberVector<uint8_t>(rgba);
        api().picture(bytes, width, height);
    });
}
std::string example(std::string label, val rgba, int width, int height) {
    return answer([&] {
        if (rgba.isNull()) return api().example(label);
        const auto bytes = emscripten::convertJSArrayToNumberVector<uint8_t>(rgba);
        api().example(label, bytes, width, height);
    });
}

std::string signal(val samples) {
    return answer([&] { api().signal(emscripten::convertJSArrayToNumberVector<float>(samples)); });
}

std::string load(val bytes, std::string filename) {
    return answer([&] { api().load(emscripten::convertJSArrayToNumberVector<uint8_t>(bytes), filename); });
}

val tensor(std::string name) {
    return answer_with_data([&](val& data) {
        const Tensor found = api().tensor(name);
        const std::span<const int64_t> extents = found.shape().extents();
        data = val::global("Float32Array").new_(emscripten::typed_memory_view(static_cast<size_t>(found.shape().elements()), found.data()));
        return nlohmann::json{{"name", name}, {"shape", std::vector<int64_t>(extents.begin(), extents.end())}}.dump();
    });
}

val save() {
    return answer_with_data([&](val& data) {
        const std::vector<uint8_t> bytes = api().save();
        data = val::global("Uint8Array").new_(emscripten::typed_memory_view(bytes.size(), bytes.data()));
        return "null";
    });
}

}  // namespace

EMSCRIPTEN_BINDINGS(trilens) {
    using emscripten::function;
    using std::string;
    function(
        "giveWeights",
        +[](string name, val bytes) { give_weights(std::move(name), emscripten::convertJSArrayToNumberVector<uint8_t>(bytes)); });
    function("start", &start);
    function("frame", &frame);
    function("wake", &wake);
    function("resize", &resize);
    function("renew", &renew);

    function("pointerMoved", &pointer_moved);
    function("pointerButton", &pointer_button);
    function("pointerLeft", &pointer_left);
    function("wheelTurned", &wheel_turned);
    function("keyChanged", &key_changed);
    function("textTyped", &text_typed);
    function("focusChanged", &focus_changed);
    function("setClipboard", &set_clipboard);
    function("escapeIsWanted", &escape_is_wanted);

    function("info", +[] { return answer([] { return api().info(); }); });
    function("open", +[](string room) { return answer([&] { api().open(room); }); });
    function("fields", +[] { return answer([] { return api().fields(); }); });
    function("get", &get);
    function("set", +[](string name, string json) { return answer([&] { api().set(name, json); }); });
    function("state", +[] { return answer([] { return api().state(); }); });
    function("restore", +[](string json) { return answer([&] { api().restore(json); }); });
    function("link", +[] { return answer([] { return json_text(api().link()); }); });
    function("follow", +[](string link) { return answer([&] { api().follow(link); }); });
    function("picture", &picture);
    function("example", &example);
    function("signal", &signal);
    function("stroke", +[](string json) { return answer([&] { api().stroke(json); }); });
    function("clear", +[] { return answer([] { api().clear(); }); });
    function("text", +[](string sentence) { return answer([&] { api().text(sentence); }); });
    function("step", +[](int steps) { return answer([&] { api().step(steps); }); });
    function("train", +[](string json) { return answer([&] { api().train(json); }); });
    function("tensors", +[] { return answer([] { return api().tensors(); }); });
    function("tensor", &tensor);
    function("explain", +[](string name, string index) { return answer([&] { return api().explain(name, index); }); });
    function("inspect", +[](string name, string index) { return answer([&] { api().inspect(name, index); }); });
    function("inspected", +[] { return answer([] { return api().inspected(); }); });
    function("load", &load);
    function("save", &save);
    function("checksum", +[] { return answer([] { return json_text(api().checksum()); }); });
    function("signature", +[] { return answer([] { return json_text(signature()); }); });
    function("rects", +[] { return answer([] { return api().rects(); }); });
    function("takeEvents", +[] { return answer([] { return api().take_events(); }); });
    function("undo", +[] { return answer([] { api().undo(); }); });
    function("redo", +[] { return answer([] { api().redo(); }); });
    function("setLanguage", +[](string code) { return answer([&] { api().set_language(code); }); });
    function("setTheme", +[](string name) { return answer([&] { api().set_theme(name); }); });
    function("report", +[](string message) { return answer([&] { shell->app().report(message); }); });
}

}  // namespace trilens
