/* SPDX-License-Identifier: MIT */
/*
 * panel.h - the numbers and settings beside the surface of hebb play
 */
#ifndef HEBB_CLI_PANEL_H
#define HEBB_CLI_PANEL_H

#include "play/view.h"

/* Draws them into `rows` rows (at least 13) and `width` columns (at least 24). */
void panel_draw(const view *v, mosaic *sheet, int row, int column, int rows, int width);

#endif
