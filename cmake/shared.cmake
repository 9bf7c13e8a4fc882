# The shared libraries, of the objects of the static ones: no symbol but hebb_* leaves them.
#
# Before 1.0 every minor version has a soname of its own, libhebb.so.0.1, for its interface may change; from 1.0 on the major
# version alone: libhebb.so.1.
if(PROJECT_VERSION_MAJOR EQUAL 0)
	set(HEBB_SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
else()
	set(HEBB_SOVERSION ${PROJECT_VERSION_MAJOR})
endif()
file(WRITE ${PROJECT_BINARY_DIR}/hebb.map "HEBB_${HEBB_SOVERSION} { global: hebb_*; local: *; };\n")

function(share NAME)
	add_library(${NAME}_shared SHARED $<TARGET_OBJECTS:${NAME}>)
	set_target_properties(${NAME}_shared PROPERTIES
		OUTPUT_NAME ${NAME} EXPORT_NAME ${NAME} VERSION ${PROJECT_VERSION} SOVERSION ${HEBB_SOVERSION}
		LINKER_LANGUAGE C LINK_DEPENDS ${PROJECT_BINARY_DIR}/hebb.map)
	target_link_options(${NAME}_shared PRIVATE
		-Wl,--version-script=${PROJECT_BINARY_DIR}/hebb.map -Wl,-Bsymbolic-functions)
	if(NOT HEBB_SANITIZE) # whose functions come with the program
		target_link_options(${NAME}_shared PRIVATE -Wl,--no-undefined)
	endif()
	target_include_directories(${NAME}_shared PUBLIC
		$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
endfunction()

share(hebb)
target_link_libraries(hebb_shared PRIVATE m)
if(NOT HEBB_NO_THREADS)
	target_link_libraries(hebb_shared PRIVATE Threads::Threads)
endif()
share(hebb_io)
target_link_libraries(hebb_io_shared PUBLIC hebb_shared PRIVATE m ZLIB::ZLIB ${JANSSON_LIBRARY})
share(hebb_study)
target_link_libraries(hebb_study_shared PUBLIC hebb_io_shared PRIVATE hebb_shared m ${JANSSON_LIBRARY})
