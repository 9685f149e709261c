# Run at install time: writes sizes.json, what the page's progress bar measures against (under compression a server's
# Content-Length says nothing of it).
file(GLOB programs RELATIVE ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_PREFIX}/*/trilens.wasm)
set(sizes "")
foreach(program IN LISTS programs)
  file(SIZE ${CMAKE_INSTALL_PREFIX}/${program} size)
  list(APPEND sizes "\"${program}\": ${size}")
endforeach()
list(JOIN sizes ", " sizes)
file(WRITE ${CMAKE_INSTALL_PREFIX}/sizes.json "{${sizes}}\n")
