# What we use from the distribution. llhttp has a package of its own from Debian 13 on; on
# Debian 12 its C sources lie in the node-llhttp package and are compiled from where it puts
# them (docs/adr/0003-llhttp-from-the-distribution.md).
find_package(PkgConfig REQUIRED)
find_program(PROTOC_C protoc-c REQUIRED)

foreach(package IN ITEMS jansson libuv libcurl libpq libprotobuf-c libcrypto libpcre2-8
                        libzstd cmocka)
    pkg_check_modules(${package} REQUIRED IMPORTED_TARGET ${package})
endforeach()
foreach(pair IN ITEMS jansson:jansson uv:libuv curl:libcurl pq:libpq protobuf-c:libprotobuf-c
                      crypto:libcrypto pcre2:libpcre2-8 zstd:libzstd
                      cmocka:cmocka)
    string(REPLACE ":" ";" pair ${pair})
    list(GET pair 0 name)
    list(GET pair 1 package)
    add_library(lib_${name} INTERFACE)
    target_link_libraries(lib_${name} INTERFACE PkgConfig::${package})
endforeach()

add_library(lib_nats INTERFACE)
target_link_libraries(lib_nats INTERFACE nats)
foreach(name IN ITEMS pthread m)
    add_library(lib_${name} INTERFACE)
    target_link_libraries(lib_${name} INTERFACE ${name})
endforeach()

find_library(LLHTTP_LIBRARY llhttp)
set(LLHTTP_SOURCE /usr/share/llhttp CACHE PATH "where node-llhttp puts the C sources")
add_library(lib_llhttp INTERFACE)
if(LLHTTP_LIBRARY)
    target_link_libraries(lib_llhttp INTERFACE ${LLHTTP_LIBRARY})
elseif(EXISTS ${LLHTTP_SOURCE}/llhttp.c)
    file(GLOB llhttp_sources ${LLHTTP_SOURCE}/*.c)
    add_library(llhttp_from_source STATIC ${llhttp_sources})
    target_compile_options(llhttp_from_source PRIVATE -w)
    target_compile_definitions(llhttp_from_source PUBLIC LLHTTP_STRICT_MODE=1)
    target_include_directories(llhttp_from_source SYSTEM PUBLIC
                               ${LLHTTP_SOURCE} /usr/share/include/llhttp)
    target_link_libraries(lib_llhttp INTERFACE llhttp_from_source)
else()
    message(FATAL_ERROR "llhttp not found: install libllhttp-dev (Debian 13) or node-llhttp (12)")
endif()
