/* SPDX-License-Identifier: MIT */
/*
 * other_names.c - what other tools call our options, values and commands
 *
 * Names of scikit-learn, Keras, PyTorch and its usual scripts, Lightning, XGBoost, Weka, FANN and
 * R's packages.
 */
#include "other_names.h"

#include <stdio.h>
#include <string.h>

#include "hebb_io.h"
#include "nearest.h"
#include "option_table.h"

enum { NAME_ROOM = 64 };

/* clang-format off */
const other_option other_options[] = {
	{OPT_LAYERS, "the widths of the hidden layers are", NULL,
		"hidden hidden-layers hidden-layer-sizes hidden-layer-size hidden-units "
		"hidden-size hidden-sizes hidden-dim hidden-nodes hidden-neurons num-hidden "
		"n-hidden num-layers n-layers units neurons num-neurons topology architecture "
		"arch"},
	{OPT_ACTIVATION, "the activation of the hidden layers is", NULL,
		"hidden-activation activation-hidden activation-function activation-fn "
		"transfer-function nonlinearity"},
	{OPT_OUTPUT, "the activation of the last layer is", NULL,
		"output-activation activation-output final-activation last-activation "
		"output-layer"},
	{OPT_LOSS, "the loss is", NULL,
		"loss-function loss-fn criterion objective cost cost-function error-function"},
	{OPT_INIT, "the option for the initial weights is", NULL,
		"initializer initialization initialisation kernel-initializer weight-init "
		"weights-init init-method"},
	{OPT_NORM, "batch normalization is", "batch", "batch-norm batch-normalization bn"},
	{OPT_NORM, "layer normalization is", "layer", "layer-norm layer-normalization"},
	{OPT_NORM, "the normalization of hidden layers is", NULL, "normalization normalisation"},
	{OPT_SHORTCUTS, "shortcut connections are", NULL,
		"skip-connections residual residuals residual-connections"},
	{OPT_OPTIMIZER, "the optimizer is", NULL,
		"solver optim opt algorithm training-algorithm trainer update-rule"},
	{OPT_OPTIMIZER, "momentum is an optimizer:", "momentum", "momentum momentum-rate"},
	{OPT_OPTIMIZER, "momentum is an optimizer:", "nesterov", "nesterov nesterovs-momentum"},
	{OPT_RATE, "the learning rate is", NULL,
		"lr learning-rate learning-rate-init initial-learning-rate initial-lr init-lr "
		"base-lr max-lr eta eta0"},
	{OPT_SCHEDULE, "the schedule of the learning rate is", NULL,
		"scheduler lr-schedule lr-scheduler lr-policy learning-rate-schedule "
		"learning-rate-scheduler"},
	{OPT_WARMUP, "the share of the run in which the rate rises is", NULL,
		"warmup-ratio warmup-steps warmup-epochs warmup-proportion lr-warmup"},
	{OPT_DECAY, "the factor by which a schedule lowers the rate is", NULL,
		"lr-decay lr-gamma gamma learning-rate-decay decay-rate lr-factor"},
	{OPT_PLATEAU, "the number of epochs that the schedule plateau waits is", NULL, "lr-patience"},
	{OPT_L1, "the L1 penalty is", NULL, "l1-reg l1-penalty l1-regularization reg-alpha lasso "
		"l1-lambda"},
	{OPT_L2, "the L2 penalty is", NULL,
		"l2-reg l2-penalty l2-regularization alpha lambda reg reg-lambda regularization "
		"ridge l2-lambda"},
	{OPT_WEIGHT_DECAY, "weight decay is", NULL, "wd adam-weight-decay"},
	{OPT_DROPOUT, "the dropout rate is", NULL,
		"dropout-rate dropout-prob dropout-probability dropout-p p-dropout drop drop-rate"},
	{OPT_CLIP, "the largest norm of the gradient is", NULL,
		"clip-norm clip-grad clip-gradient clip-grad-norm grad-clip gradient-clip "
		"gradient-clip-val gradient-clipping max-grad-norm"},
	{OPT_MAX_NORM, "the largest norm of a unit's weights is", NULL, "max-weight-norm "
		"weight-constraint"},
	{OPT_AVERAGE, "the moving average of the weights is", NULL, "ema ema-decay polyak "
		"model-ema"},
	{OPT_AVERAGE, "the mean of the weights is", "1", "swa"},
	{OPT_LABEL_SMOOTHING, "label smoothing is", NULL, "smoothing label-smooth"},
	{OPT_CLASS_WEIGHTS, "class weights are", "balanced",
		"class-weight balance balanced balance-classes class-balance auto-class-weights "
		"scale-pos-weight"},
	{OPT_BATCH, "the number of rows per update is", NULL,
		"batch-size batches minibatch mini-batch minibatch-size mini-batch-size bs bsz "
		"train-batch-size"},
	{OPT_ACCUMULATE, "the number of batches per update is", NULL,
		"accumulation-steps grad-accum gradient-accumulation gradient-accumulation-steps "
		"accumulate-grad-batches"},
	{OPT_IN_ORDER, "rows are shuffled in every epoch, except with", NULL, "shuffle "
		"no-shuffle"},
	{OPT_EPOCHS, "the number of epochs is", NULL,
		"n-epochs num-epochs nb-epoch nb-epochs max-epochs num-train-epochs "
		"training-epochs iter iters iterations max-iter max-iterations n-iter "
		"num-iterations num-round num-boost-round rounds maxit max-steps"},
	{OPT_PATIENCE, "early stopping is", NULL,
		"early-stopping early-stop early-stopping-rounds early-stopping-patience "
		"stopping-rounds n-iter-no-change es-patience"},
	{OPT_AUGMENT, "the augmentation of images is", NULL, "augmentation data-augmentation aug"},
	{OPT_TIME, "the time limit is", NULL, "time-limit max-time timeout time-budget "
		"max-runtime-secs"},
	{OPT_REPEAT, "the number of runs is", NULL, "repeats repetitions runs n-runs num-runs "
		"n-repeats restarts"},
	{OPT_FOLDS, "the number of folds is", NULL,
		"cv cv-folds cross-validation cross-val crossval kfold k-folds n-folds num-folds "
		"nfold n-splits"},
	{OPT_TRIALS, "the number of trials is", NULL, "n-trials num-trials max-trials num-samples "
		"max-evals"},
	{OPT_STRATEGY, "the search strategy is", NULL, "search-strategy "
		"search-algorithm tuner pruner"},
	{OPT_METRIC, "the score that a search uses is", NULL, "metrics scoring score eval-metric scorer"},
	{OPT_SEED, "the seed is", NULL, "random-state random-seed rng rng-seed manual-seed "
		"rand-seed"},
	{OPT_PRECISION, "the precision is", NULL, "dtype data-type mixed-precision float-type"},
	{OPT_PRECISION, "the 16-bit precision of Hebb is", "bf16", "amp bf16 fp16 half"},
	{OPT_THREADS, "the number of threads is", NULL,
		"jobs n-jobs nthread nthreads num-threads n-threads workers num-workers cpus "
		"n-cpus cores n-cores"},
	{OPT_THREADS, "Hebb computes on the CPU, with threads:", NULL, "gpu gpus cuda device "
		"accelerator no-cuda"},
	{OPT_TARGET, "the column to predict is", NULL,
		"label label-column label-col class class-column class-index target-column "
		"target-col target-name targets y y-column response dependent outcome "
		"output-column predict"},
	{OPT_CONFORMAL, "calibration for intervals is", NULL,
		"conformal-prediction conformalize calibration-set"},
	{OPT_TEMPERATURE, "the calibration of probabilities is", NULL,
		"temperature-scaling calibrate calibration"},
	{OPT_INTERVAL, "intervals of a level are", NULL,
		"prediction-interval intervals confidence confidence-level coverage quantiles"},
	{OPT_TASK, "the task is", NULL, "problem problem-type task-type model-type"},
	{OPT_HEADER, "a file without column names needs", "no", "no-header skip-header"},
	{OPT_HEADER, "whether the first line holds names is", NULL, "has-header header-row "
		"first-line-header"},
	{OPT_IGNORE, "the columns that are left out are", NULL,
		"exclude exclude-columns ignore-columns ignored-columns drop-columns drop-cols "
		"skip-columns remove-columns omit"},
	{OPT_INPUTS, "the columns that are inputs are", NULL,
		"features feature-columns feature-names input-columns usecols use-columns x "
		"x-columns predictors"},
	{OPT_WEIGHT, "the column with the weights of the rows is", NULL,
		"sample-weight sample-weights weights weight-column weights-column case-weights "
		"instance-weight instance-weights"},
	{OPT_GROUP, "the column of groups that stay together is", NULL,
		"groups group-column group-col group-by group-id cluster subject"},
	{OPT_TIME_COLUMN, "the column that orders the rows is", NULL,
		"time-col time-index date-column datetime-column timestamp-column order-by "
		"time-series"},
	{OPT_SEPARATOR, "what stands between columns is", NULL,
		"delimiter sep field-separator delim csv-delimiter column-separator"},
	{OPT_SKIP, "the lines that are not read are", NULL,
		"skip-rows skip-lines header-lines"},
	{OPT_ENCODING, "the characters of a file are", NULL, "charset file-encoding codepage"},
	{OPT_DECIMAL, "the decimal sign is", NULL,
		"dec decimal-point decimal-separator decimal-mark decimal-comma"},
	{OPT_THOUSANDS, "what stands between thousands is", NULL,
		"thousands-separator thousand-separator big-mark grouping-mark"},
	{OPT_NA, "texts that are missing values are", NULL,
		"na-values na-strings null-values nan-values missing-marks"},
	{OPT_TEXT, "columns of texts are", NULL,
		"categorical categorical-columns categorical-features cat-features cat-cols "
		"factors nominal text-columns string-columns"},
	{OPT_NUMERIC, "columns of numbers are", NULL,
		"numeric-columns numerical numerical-columns numeric-features"},
	{OPT_MISSING, "the handling of missing values is", NULL,
		"missing-values impute imputer imputation na-action fillna dropna "
		"nan"},
	{OPT_SCALING, "the scaling of numbers is", NULL,
		"scale scaler standardize normalize standardization preprocessing feature-scaling "
		"standard-scaler min-max robust-scaler"},
	{OPT_BINS, "the number of bins is", NULL, "n-bins num-bins max-bins quantile-bins"},
	{OPT_TARGET_TRANSFORM, "the transform of the target is", NULL,
		"target-transformation transform-target target-scaling scale-target log-target "
		"log-transform target-scaler target-encoding y-transform y-scaling"},
	{OPT_TEST, "the rows held out for the test are", NULL,
		"test-size test-split test-fraction test-ratio test-data test-file test-set "
		"holdout hold-out split split-ratio train-size train-split percentage-split "
		"test-percent"},
	{OPT_VALIDATION, "the validation rows are", NULL,
		"val val-size val-split val-fraction val-ratio val-data val-file valid valid-size "
		"valid-data validation-split validation-size validation-fraction validation-data "
		"validation-set eval-set dev"},
	{OPT_PART, "the rows to score are", NULL, "subset"},
	{OPT_CLASSES_ONLY, "predictions without probabilities are", NULL,
		"labels-only no-proba no-probabilities class-only predict-class"},
	{OPT_MODEL, "the file of the model is", NULL,
		"out output-file output-model out-file outfile save save-model save-path save-to "
		"model-file model-path model-out export onnx"},
	{OPT_GRAPH, "what the model's graph takes is", NULL,
		"onnx-graph graph-inputs graph-kind export-graph"},
	{OPT_CHECKPOINT, "the file of the checkpoint is", NULL,
		"ckpt save-checkpoint checkpoint-file checkpoint-path checkpoint-dir"},
	{OPT_EVERY, "how often a checkpoint is written is", NULL,
		"save-every save-freq save-steps save-interval checkpoint-every "
		"checkpoint-interval"},
	{OPT_RESUME, "the checkpoint to resume is", NULL,
		"resume-from resume-from-checkpoint restore continue warm-start load "
		"load-checkpoint from-checkpoint"},
	{OPT_FORCE, "the option to overwrite files of another kind is", NULL, "overwrite clobber "
		"force-overwrite"},
	{OPT_FIGURES, "the folder of the figures is", NULL, "plots plot-dir figure-dir fig-dir"},
	{OPT_JSON, "output for programs is", NULL, "as-json json-output output-format format "
		"output-json"},
	{OPT_QUIET, "progress is shown, except with", NULL,
		"silent verbose verbosity no-verbose no-progress progress log-level"},
	{.names = NULL},
};

const other_value other_values[] = {
	{OPT_ACTIVATION, "silu", "swish"},
	{OPT_ACTIVATION, "linear", "identity none"},
	{OPT_ACTIVATION, "sigmoid", "logistic logsig"},
	{OPT_ACTIVATION, "tanh", "tansig hyperbolic-tangent sigmoid-symmetric"},
	{OPT_ACTIVATION, "relu", "rectifier rectified-linear poslin"},
	{OPT_ACTIVATION, "leaky-relu", "lrelu"},
	{OPT_OUTPUT, "linear", "identity none purelin"},
	{OPT_OUTPUT, "sigmoid", "logistic"},
	{OPT_OUTPUT, "exp", "exponential"},
	{OPT_LOSS, "squared", "mse l2 mean-squared-error quadratic"},
	{OPT_LOSS, "absolute", "mae l1 mean-absolute-error"},
	{OPT_LOSS, "huber", "smooth-l1"},
	{OPT_LOSS, "cross-entropy",
		"ce bce nll log-loss logistic categorical-cross-entropy binary-cross-entropy "
		"sparse-categorical-cross-entropy softmax"},
	{OPT_INIT, "glorot", "xavier glorot-uniform xavier-uniform"},
	{OPT_INIT, "he", "kaiming he-uniform kaiming-uniform"},
	{OPT_INIT, "lecun", "lecun-uniform"},
	{OPT_NORM, "batch", "batch-norm bn"},
	{OPT_NORM, "layer", "layer-norm ln"},
	{OPT_OPTIMIZER, "sgd", "gd backprop backpropagation gradient-descent incremental"},
	{OPT_OPTIMIZER, "nesterov", "nag"},
	{OPT_OPTIMIZER, "lbfgs", "l-bfgs-b bfgs"},
	{OPT_SCHEDULE, "constant", "none fixed"},
	{OPT_SCHEDULE, "step", "step-lr multi-step"},
	{OPT_SCHEDULE, "exponential", "exponential-lr"},
	{OPT_SCHEDULE, "cosine", "cosine-annealing cosine-annealing-lr cosine-decay"},
	{OPT_SCHEDULE, "one-cycle", "one-cycle-lr super-convergence"},
	{OPT_SCHEDULE, "plateau", "reduce-on-plateau reduce-lr-on-plateau adaptive"},
	{OPT_SCHEDULE, "warm-restarts", "sgdr cosine-restarts cosine-annealing-warm-restarts"},
	{OPT_PRECISION, "f32", "fp32 float32 float single"},
	{OPT_PRECISION, "bf16", "bfloat16 fp16 half mixed"},
	{OPT_TASK, "classification", "classifier class binary multiclass"},
	{OPT_TASK, "regression", "regressor numeric"},
	{OPT_HEADER, "yes", "true 1 on"},
	{OPT_HEADER, "no", "false 0 off none"},
	{OPT_MISSING, "mean", "impute fill average"},
	{OPT_MISSING, "drop", "dropna omit remove skip"},
	{OPT_SCALING, "standard", "z-score zscore standardize std"},
	{OPT_SCALING, "piecewise", "ple quantile quantiles bins"},
	{OPT_SCALING, "periodic", "fourier plr sin"},
	{OPT_SCALING, "none", "raw off no"},
	{OPT_TARGET_TRANSFORM, "log", "ln log1p logarithm exp"},
	{OPT_TARGET_TRANSFORM, "quantile", "quantiles normal rank gaussian"},
	{OPT_TARGET_TRANSFORM, "standard", "z-score zscore standardize std"},
	{OPT_TARGET_TRANSFORM, "none", "raw off no"},
	{OPT_CLASS_WEIGHTS, "balanced", "auto"},
	{OPT_STRATEGY, "halving", "successive-halving hyperband asha sha"},
	{OPT_METRIC, "log-loss", "nll cross-entropy"},
	{OPT_METRIC, "rmse", "mse root-mean-squared-error"},
	{.names = NULL},
};

const other_command other_commands[] = {
	{"train", "fit learn"},
	{"search", "tune optimize hpo automl"},
	{"evaluate", "test score eval validate"},
	{"explain", "importance feature-importance shap interpret permutation-importance"},
	{"predict", "classify infer apply run"},
	{"inspect", "info show describe summary"},
	{"check", "doctor diagnose lint"},
	{"report", "compare diff leaderboard"},
	{"tutorial", "learn-more"},
	{"play", "playground demo"},
	{"bench", "benchmark speed"},
	{.names = NULL},
};
/* clang-format on */

/* The next of names between blanks, into `name`; 0: there is none. */
static int next_name(const char **names, char name[NAME_ROOM])
{
	size_t length;

	*names += strspn(*names, " ");
	length = strcspn(*names, " ");
	snprintf(name, NAME_ROOM, "%.*s", (int)length, *names);
	*names += length;
	return length > 0;
}

/* The distance from a name to the nearest of the names; -1: none is near. */
static int distance_to(const char *typed, const char *names)
{
	int least = -1;
	char name[NAME_ROOM];

	while (next_name(&names, name)) {
		int distance = hebb_name_distance(typed, name);

		if (distance >= 0 && (least < 0 || distance < least))
			least = distance;
	}
	return least;
}

char *other_option_of_row(const other_option *row, char *text, size_t size)
{
	const option_row *ours = &option_table[row->id];
	char letter[8] = "";

	if (ours->letter)
		snprintf(letter, sizeof letter, " (-%c)", ours->letter);
	snprintf(text, size, "%s --%s%s%s%s", row->meaning, ours->name, row->value ? " " : "",
		 row->value ? row->value : "", letter);
	return text;
}

char *other_option_sentence(const char *typed, int or_near, const command *which, char *text,
			    size_t size)
{
	const other_option *found = NULL;
	int least = 0;
	size_t length;

	for (const other_option *row = other_options; row->names; row++) {
		int distance = distance_to(typed, row->names);

		if (distance >= 0 && (or_near || distance == 0) && (!found || distance < least)) {
			found = row;
			least = distance;
		}
	}
	if (!found)
		return NULL;
	other_option_of_row(found, text, size);
	length = strlen(text);
	if (which && !(option_table[found->id].commands & which->bit))
		snprintf(text + length, size - length, ", but %s does not take it", which->name);
	return text;
}

const char *other_value_find(option_id id, const char *typed)
{
	for (const other_value *row = other_values; row->names; row++)
		if (row->id == id && distance_to(typed, row->names) == 0)
			return row->value;
	return NULL;
}

const char *other_command_find(const char *typed, int or_near)
{
	for (const other_command *row = other_commands; row->names; row++) {
		int distance = distance_to(typed, row->names);

		if (distance == 0 || (or_near && distance > 0))
			return row->command;
	}
	return NULL;
}
