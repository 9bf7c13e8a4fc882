# What `make install` installs: the command, the libraries and how programs find them, the man page, completions, documents.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(HEBB_BASH_DIR ${CMAKE_INSTALL_DATADIR}/bash-completion/completions CACHE STRING "where bash looks for completions")
set(HEBB_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING "where zsh looks for completions")
set(HEBB_FISH_DIR ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d CACHE STRING "where fish looks for completions")
set(HEBB_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/hebb)
set(PAGES ${PROJECT_BINARY_DIR}/pages)

# ---- The command, and what it says about itself ----

# PAGE ARGUMENT...: what the command prints, as a file
function(page NAME)
	add_custom_command(OUTPUT ${PAGES}/${NAME}
		COMMAND ${CMAKE_COMMAND} -E make_directory ${PAGES}
		COMMAND sh -c [[page=$1; shift; "$@" >"$page.new" && mv "$page.new" "$page"]]
			sh ${PAGES}/${NAME} ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:hebb_command> ${ARGN}
		DEPENDS hebb_command VERBATIM)
endfunction()
page(hebb.1 --man)
page(hebb --completion bash)
page(_hebb --completion zsh)
page(hebb.fish --completion fish)
add_custom_target(pages ALL DEPENDS ${PAGES}/hebb.1 ${PAGES}/hebb ${PAGES}/_hebb ${PAGES}/hebb.fish)

install(TARGETS hebb_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${PAGES}/hebb.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PAGES}/hebb DESTINATION ${HEBB_BASH_DIR})
install(FILES ${PAGES}/_hebb DESTINATION ${HEBB_ZSH_DIR})
install(FILES ${PAGES}/hebb.fish DESTINATION ${HEBB_FISH_DIR})

# The pages, docs/ and examples/: they are copied anew by each build, which takes a moment.
add_custom_target(documents ALL COMMAND ${PROJECT_SOURCE_DIR}/scripts/documents.sh ${PROJECT_BINARY_DIR}/documents VERBATIM)
install(DIRECTORY ${PROJECT_BINARY_DIR}/documents/ DESTINATION ${CMAKE_INSTALL_DOCDIR})

# ---- The libraries ----

install(FILES include/hebb.h include/hebb_advanced.h include/hebb_io.h include/hebb_study.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS hebb hebb_io hebb_study EXPORT hebb-static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT hebb-static NAMESPACE hebb:: DESTINATION ${HEBB_PACKAGE_DIR})
if(HEBB_SHARED)
	install(TARGETS hebb_shared hebb_io_shared hebb_study_shared EXPORT hebb-shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
	install(EXPORT hebb-shared NAMESPACE hebb:: DESTINATION ${HEBB_PACKAGE_DIR})
endif()

# For CMake: find_package(hebb) gives hebb::hebb, hebb::hebb_io and hebb::hebb_study.
configure_package_config_file(cmake/hebb-config.cmake.in ${PROJECT_BINARY_DIR}/hebb-config.cmake
	INSTALL_DESTINATION ${HEBB_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
if(PROJECT_VERSION_MAJOR EQUAL 0)
	set(COMPATIBLE SameMinorVersion)
else()
	set(COMPATIBLE SameMajorVersion)
endif()
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hebb-config-version.cmake COMPATIBILITY ${COMPATIBLE})
install(FILES ${PROJECT_BINARY_DIR}/hebb-config.cmake ${PROJECT_BINARY_DIR}/hebb-config-version.cmake
	DESTINATION ${HEBB_PACKAGE_DIR})

# For pkg-config: what a static library needs is everybody's where there is no shared one.
set(HEBB_STATIC_NEEDS " -lm")
if(NOT HEBB_NO_THREADS)
	string(APPEND HEBB_STATIC_NEEDS " -lpthread")
endif()
if(NOT HEBB_SHARED)
	set(HEBB_NEEDS "${HEBB_STATIC_NEEDS}")
	set(HEBB_IO_NEEDS ", zlib, jansson")
endif()
foreach(NAME hebb hebb_io hebb_study)
	configure_file(cmake/${NAME}.pc.in ${PROJECT_BINARY_DIR}/${NAME}.pc @ONLY)
	install(FILES ${PROJECT_BINARY_DIR}/${NAME}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
