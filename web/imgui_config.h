// Dear ImGui's compile-time settings, the same for every file that sees imgui.h.
#pragma once

// WebGL2 has no base vertex: 16-bit indices would overflow in one dense window.
#define ImDrawIdx unsigned int

#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_DEBUG_TOOLS

// Nothing but what the host hands over: no files, no shell.
#define IMGUI_DISABLE_FILE_FUNCTIONS
#define IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS

#if defined(__EMSCRIPTEN__)
#define IMGUI_IMPL_OPENGL_ES3
#endif
