/* SPDX-License-Identifier: MIT */
/*
 * figures.h - explanations as SVG files
 */
#ifndef HEBB_CLI_FIGURES_H
#define HEBB_CLI_FIGURES_H

#include "draw/figure.h"
#include "explanation.h"

/* Writes a figure as NAME.svg into the folder of --figures; frees it. It is NULL if memory ran
 * out. */
int write_figure(const explanation *e, const char *name, figure *picture);
/* The same of one that stays the caller's. */
int write_plot(const explanation *e, const char *name, const figure *picture);

/* A figure of up to three pictures side by side, darkness 0 to 1 each, with names below. */
figure *pictures_figure(const hebb_coding *coding, const char *title, int count,
			double *const *darkness, const char *const *name);

#endif
