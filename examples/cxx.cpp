// SPDX-License-Identifier: MIT
// cxx.cpp - from C++: the headers as they are, unique_ptr for what is owned, a lambda for a callback
#include <cstdio>
#include <memory>
#include <vector>
#include "hebb_io.h"

template <typename T> using owned = std::unique_ptr<T, void (*)(T *)>;

int main()
{
	const hebb_layer layers[] = {hebb_dense(4, HEBB_TANH), hebb_dense(2, HEBB_SOFTMAX)};
	const std::vector<float> x = {0, 0, 0, 1, 1, 0, 1, 1};
	const std::vector<int> label = {0, 1, 1, 0};
	hebb_error error;
	hebb_recipe recipe = hebb_recipe_default();
	hebb_arrays arrays = hebb_arrays_default();
	int epochs = 0;

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rate = 0.05;
	recipe.epochs = 300;
	recipe.self = &epochs;
	recipe.progress = [](void *self, const hebb_progress *now) { // must not throw
		*static_cast<int *>(self) = now->epoch;
		return 0;
	};
	arrays.rows = 4;
	arrays.inputs = arrays.outputs = 2;
	arrays.x = x.data();
	arrays.label = label.data();
	const hebb_source source = hebb_arrays_source(&arrays);
	owned<hebb_net> net(hebb_net_new(2, 2, layers, 1, nullptr, &error), hebb_net_free);
	owned<hebb_trainer> trainer(net ? hebb_trainer_new(net.get(), &recipe, nullptr, &error) : nullptr,
				    hebb_trainer_free);

	if (!trainer || hebb_train(trainer.get(), &source, nullptr, &error)) {
		std::fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	std::printf("%d epochs:", epochs);
	for (int i = 0; i < 4; i++) {
		float h[2];

		if (hebb_predict(net.get(), &x[2 * i], h, nullptr) == HEBB_OK)
			std::printf(" %g xor %g = %d", x[2 * i], x[2 * i + 1], h[1] > h[0]);
	}
	std::printf("; hebb %s\n", hebb_version());
}
