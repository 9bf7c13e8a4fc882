/* SPDX-License-Identifier: MIT */
/*
 * doctor_settings.c - checks for settings that do not fit each other, or the amount of data
 */
#include "doctor.h"

/* Each update of adam moves a weight by about the rate. With the rate 0.001, 100 updates move it by
 * 0.1, which is less than usual initial weights. */
enum { UPDATES_LEAST = 100, STEPS_LEAST = 20 /* of lbfgs */, PARAMETERS_PER_ROW = 10 };

long long hb_updates_of(const hebb_study *o, long long rows)
{
	long long batch = o->batch == 0 || o->batch > rows ? rows : o->batch;
	long long batches = (rows + batch - 1) / batch;

	return o->epochs * ((batches + o->accumulate - 1) / o->accumulate);
}

static void look_at_updates(const hebb_study *o, long long rows, hebb_findings *findings)
{
	long long updates = hb_updates_of(o, rows);
	int least = o->optimizer == HEBB_LBFGS ? STEPS_LEAST : UPDATES_LEAST;

	if (updates >= least || o->epochs == 0)
		return;
	hb_found(findings, "few_updates", HEBB_SEVERITY_WARNING,
		 "%s of %s %s %s of the weights: hardly the beginning of training",
		 hebb_show_count(o->epochs, "epoch").text, hebb_show_count(rows, "row").text,
		 o->epochs == 1 ? "makes" : "make", hebb_show_count(updates, "update").text);
	long long epochs = (least * (long long)o->epochs + updates - 1) / updates;
	if (o->batch == 0 && o->optimizer != HEBB_LBFGS && o->optimizer != HEBB_RPROP)
		hb_advise(findings, "use batches, --batch 32, or more epochs, --epochs %lld",
			  epochs);
	else
		hb_advise(findings, "use at least --epochs %lld", epochs);
}

static void look_at_size(const hebb_net *net, long long rows, const hebb_study *o,
			 hebb_findings *findings)
{
	long long parameters = hebb_net_parameters(net);
	int regularized =
		o->l1 > 0 || o->l2 > 0 || o->weight_decay > 0 || o->dropout > 0 || o->patience > 0;

	if (parameters <= PARAMETERS_PER_ROW * rows || regularized)
		return;
	hb_found(findings, "many_parameters", HEBB_SEVERITY_INFO,
		 "%s for %s: enough to learn them by heart",
		 hebb_show_count(parameters, "parameter").text,
		 hebb_show_count(rows, "training row").text);
	hb_advise(findings,
		  "compare with fewer units, --layers 16, or --validation 0.2 --patience 20");
}

/* Squared error of probabilities has a gradient of nearly 0 where the network is sure of a wrong
 * class. */
static void look_at_loss(const hebb_study *o, hebb_task task, hebb_findings *findings)
{
	int probability = o->output == HEBB_SOFTMAX || o->output == HEBB_SIGMOID;
	int tutorial = o->recipe == HEBB_PRESET_TUTORIAL;

	if (task != HEBB_CLASSIFICATION || o->loss == HEBB_CROSS_ENTROPY)
		return;
	if (probability)
		hb_found(
			findings, "loss_for_classes",
			tutorial ? HEBB_SEVERITY_INFO : HEBB_SEVERITY_WARNING,
			"the %s loss of %s outputs has hardly a gradient where the network is sure "
			"of a "
			"wrong class",
			hebb_loss_name((hebb_loss)o->loss),
			hebb_activation_name((hebb_activation)o->output));
	else
		hb_found(findings, "loss_for_classes", HEBB_SEVERITY_INFO,
			 "the %s loss of linear outputs punishes answers that are too right, too",
			 hebb_loss_name((hebb_loss)o->loss));
	hb_advise(findings,
		  "classes are learned faster with --loss cross-entropy and --output softmax");
}

/* Positive weights add up where the inputs of a unit are positive too, as pixels and the outputs of
 * sigmoids are. */
static void look_at_start(const hebb_study *o, hebb_findings *findings)
{
	if (o->init != HEBB_START_UNIFORM01 || o->hidden == 0)
		return;
	hb_found(findings, "one_sided_start", HEBB_SEVERITY_WARNING,
		 "all weights begin in [0, 1): the sums of a layer are large and nearly alike, and "
		 "much of the training undoes this");
	hb_advise(findings, "use --init auto, which begins around 0");
}

/* exp() is never negative; the loss poisson refuses such targets, others do not. */
static void look_at_range(const hebb_study *o, const hebb_dataset *train, hebb_findings *findings)
{
	long long below = 0, values = train->rows * train->outputs;
	float least = 0;

	for (long long i = 0; i < values && o->output == HEBB_EXP; i++) {
		below += train->y[i] < 0;
		least = train->y[i] < least ? train->y[i] : least;
	}
	if (below == 0)
		return;
	hb_found(findings, "targets_out_of_range", HEBB_SEVERITY_WARNING,
		 "%s of %s %s below 0, down to %s, which an output of exp never is",
		 hebb_show_number((double)below, 4).text, hebb_show_count(values, "target").text,
		 below == 1 ? "is" : "are", hebb_show_number((double)least, 4).text);
	hb_advise(findings, "use --output linear and --loss squared");
}

void hb_check_norms(const hebb_net *net, hebb_findings *findings)
{
	int hidden = 0;

	for (int l = 0; l < hebb_net_layers(net); l++) {
		const hebb_layer *layer = hebb_net_layer(net, l);

		hidden += hebb_kind_about(layer->kind)->units;
		if (layer->kind != HEBB_LAYER_NORM || layer->units > 1)
			continue;
		hb_found(findings, "norm_of_one_unit", HEBB_SEVERITY_WARNING,
			 "the layer norm of hidden layer %d has 1 unit, whose deviation from its "
			 "own mean is always 0: every row leaves it with the same value",
			 hidden);
		hb_advise(findings, "use more units, such as --layers 16, or --norm batch");
		return;
	}
}

void hebb_check_settings(const hebb_trial *run, hebb_findings *findings)
{
	const hebb_study *o = run->study;

	look_at_loss(o, run->coding->task, findings);
	look_at_start(o, findings);
	hb_check_norms(run->net, findings);
	look_at_range(o, run->train, findings);
	look_at_updates(o, run->train->rows, findings);
	look_at_size(run->net, run->train->rows, o, findings);
}
