# SPDX-License-Identifier: MIT
# export.R [FOLDER] - writes the four tables of this folder from data sets of R
folder <- c(commandArgs(trailingOnly = TRUE), ".")[1]
save <- function(table, name)
	write.csv(table, file.path(folder, name), row.names = FALSE, quote = FALSE, na = "", eol = "\n")

iris <- datasets::iris
names(iris) <- c("sepal_length", "sepal_width", "petal_length", "petal_width", "species")
save(iris, "iris.csv")

quakes <- datasets::quakes[c("lat", "long", "depth", "stations", "mag")]
names(quakes) <- c("latitude", "longitude", "depth", "stations", "magnitude")
save(quakes, "quakes.csv")

height <- datasets::volcano[, c(TRUE, FALSE)] # every second column: 87 x 31 points
volcano <- data.frame(x = 10 * c(row(height)) - 10, y = 20 * c(col(height)) - 20, height = c(height))
save(volcano, "volcano.csv")

survey <- MASS::survey
names(survey) <- c("sex", "writing_span", "other_span", "writing_hand", "fold", "pulse", "clap",
	"exercise", "smoke", "height", "height_given_in", "age")
save(survey[!is.na(survey$sex), ], "students.csv")
