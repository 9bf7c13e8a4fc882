/* SPDX-License-Identifier: MIT */
/*
 * test_file.c - files are written whole, under any name, and are never a moment wider than they
 * should be
 */
#define _XOPEN_SOURCE 700 /* SIGXFSZ */

#include "test.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hebb_io.h"

enum { BIG = 1 << 21, LOOKS = 5 };

static char folder[64];

/* To a folder in memory, if there is one: what is written is synced. */
static int go_there(void **state)
{
	(void)state;
	strcpy(folder, "/dev/shm/hebb-test-file-XXXXXX");
	if (!mkdtemp(folder))
		strcpy(folder, "/tmp/hebb-test-file-XXXXXX");
	return (strncmp(folder, "/dev", 4) == 0 || mkdtemp(folder)) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	char command[80];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return chdir("/") == 0 ? system(command) : -1;
}

static mode_t mode_of(const char *path)
{
	struct stat about;

	assert_int_equal(stat(path, &about), 0);
	return about.st_mode & 0777;
}

/* How many names end in ".tmp", and the bits of their modes together. */
static int look_at_temporaries(mode_t *modes)
{
	DIR *all = opendir(".");
	struct stat about;
	int count = 0;

	for (struct dirent *one; (one = readdir(all));) {
		size_t length = strlen(one->d_name);
		if (length < 4 || strcmp(one->d_name + length - 4, ".tmp") != 0 ||
		    stat(one->d_name, &about) != 0)
			continue;
		*modes |= about.st_mode & 0777;
		count++;
	}
	closedir(all);
	return count;
}

/* Writes a file until a temporary one has been seen LOOKS times, and returns all bits of the modes
 * that it had. */
static mode_t modes_while_writing(const char *path)
{
	char *bytes = calloc(1, BIG);
	mode_t modes = 0;
	int seen = 0, state;
	pid_t writer = fork();

	assert_true(writer >= 0);
	while (writer == 0 && access("enough", F_OK) < 0)
		if (hebb_file_write(path, bytes, BIG, NULL) != HEBB_OK)
			_exit(1);
	if (writer == 0)
		_exit(0);
	free(bytes);
	while (seen < LOOKS && waitpid(writer, &state, WNOHANG) == 0)
		seen += look_at_temporaries(&modes);
	assert_true(seen >= LOOKS);
	fclose(fopen("enough", "w"));
	waitpid(writer, &state, 0);
	unlink("enough");
	assert_int_equal(state, 0);
	assert_int_equal(look_at_temporaries(&modes), 0);
	return modes;
}

static void modes(void **state)
{
	static const mode_t known[] = {0600, 0640, 0644, 0666, 0660, 0606};
	mode_t before = umask(022);

	(void)state;
	assert_int_equal(modes_while_writing("new"), 0644);
	assert_int_equal(mode_of("new"), 0644);
	umask(077);
	assert_int_equal(modes_while_writing("private"), 0600);
	assert_int_equal(mode_of("private"), 0600);
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		umask(0);
		assert_int_equal(chmod("new", known[i]), 0);
		assert_int_equal(modes_while_writing("new"), known[i]);
		assert_int_equal(mode_of("new"), known[i]);
		umask(077); /* the mode is kept, whatever the mask */
		assert_int_equal(hebb_file_write("new", "x", 1, NULL), HEBB_OK);
		assert_int_equal(mode_of("new"), known[i]);
	}
	umask(before);
}

/* Root writes over the file of somebody else, which stays theirs: nobody may read it meanwhile who
 * could not before. */
static void owners(void **state)
{
	struct stat about;
	mode_t before = umask(0);

	(void)state;
	if (geteuid() != 0)
		skip();
	fclose(fopen("theirs", "w"));
	assert_int_equal(chown("theirs", 12345, 23456), 0);
	assert_int_equal(chmod("theirs", 0640), 0);
	assert_int_equal(modes_while_writing("theirs") & ~0640u, 0);
	assert_int_equal(stat("theirs", &about), 0);
	assert_int_equal(about.st_mode & 0777, 0640);
	assert_int_equal(about.st_uid, 12345);
	assert_int_equal(about.st_gid, 23456);
	umask(before);
}

/* Names of up to NAME_MAX bytes, of one-byte and of longer characters. */
static void long_names(void **state)
{
	(void)state;
	for (size_t length = 1; length <= NAME_MAX; length++) {
		char name[NAME_MAX + 1] = "", euros[NAME_MAX + 1] = "";
		unsigned char *bytes;
		size_t size;
		mode_t modes = 0;

		memset(name, 'n', length);
		for (size_t i = 0; i + 3 <= length; i += 3)
			strcat(euros, "€");
		assert_int_equal(hebb_file_write(name, name, length, NULL), HEBB_OK);
		assert_int_equal(hebb_file_read(name, &bytes, &size, NULL), HEBB_OK);
		assert_int_equal(size, length);
		free(bytes);
		unlink(name);
		if (*euros) {
			assert_int_equal(hebb_file_write(euros, name, length, NULL), HEBB_OK);
			unlink(euros);
		}
		assert_int_equal(look_at_temporaries(&modes), 0);
	}
}

/* The reason is there, however long the name, and however the writing fails. */
static void reasons(void **state)
{
	char path[PATH_MAX];
	hebb_error error;
	struct rlimit before, small;
	unsigned char *bytes;
	size_t size;
	char *big = calloc(1, BIG);

	(void)state;
	memset(path, 'd', sizeof path);
	for (size_t i = 200; i < sizeof path; i += 200)
		path[i] = '/';
	path[3001] = 0;
	assert_int_equal(hebb_file_write(path, "x", 1, &error), HEBB_IO);
	assert_non_null(
		strstr(error.message, "...: cannot be written: there is no such directory"));
	assert_int_equal(hebb_file_read(path, &bytes, &size, &error), HEBB_IO);
	assert_non_null(strstr(error.message, "...: there is no such file or directory"));
	memset(path, 'n', NAME_MAX + 1);
	path[NAME_MAX + 1] = 0;
	assert_int_equal(hebb_file_write(path, "x", 1, &error), HEBB_IO);
	assert_non_null(strstr(error.message, ": cannot be written: the name is too long"));

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = BIG / 2;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	hebb_status status = hebb_file_write("large", big, BIG, &error);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_DFL);
	free(big);
	assert_int_equal(status, HEBB_IO);
	assert_string_equal(error.message,
			    "large: cannot be written: the file would become too large");
	assert_int_equal(access("large", F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes),
		cmocka_unit_test(owners),
		cmocka_unit_test(long_names),
		cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests(tests, go_there, leave);
}
