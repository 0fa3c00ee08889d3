# Within Wireshark's own build (CUSTOM_PLUGIN_SRC_DIR): the plugin, with the decoder in it.
#
# SPDX-License-Identifier: GPL-2.0-or-later

include(WiresharkPlugin)
set_module_info(wsclose ${PROJECT_VERSION_MAJOR} ${PROJECT_VERSION_MINOR} ${PROJECT_VERSION_PATCH} 0)
include(decoder/sources.cmake)
include(plugin/sources.cmake)
list(TRANSFORM decoder_sources PREPEND decoder/)
list(TRANSFORM plugin_sources PREPEND plugin/)
set(PLUGIN_FILES ${decoder_sources} ${plugin_sources})
add_wireshark_plugin_library(wsclose epan)
target_include_directories(wsclose PRIVATE decoder/include)
# The functions of the decoder are the plugin's own there.
target_compile_definitions(wsclose PRIVATE WSCLOSE_STATIC WSCLOSE_VERSION="${PROJECT_VERSION}")
target_link_libraries(wsclose epan)
install_plugin(wsclose epan)
