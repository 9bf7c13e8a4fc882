// SPDX-License-Identifier: MIT
// products_eigen.cpp - the three products of steps_eigen.c, by Eigen, which speaks only C++
#include <Eigen/Core>

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Result = Eigen::Map<Matrix>;
using Given = Eigen::Map<const Matrix>;

extern "C" {

// z = h W
void eigen_forward(int rows, int n, int m, const float *h, const float *W, float *z)
{
	Result(z, rows, m).noalias() = Given(h, rows, n) * Given(W, n, m);
}

// e = d W'
void eigen_back(int rows, int n, int m, const float *d, const float *W, float *e)
{
	Result(e, rows, n).noalias() = Given(d, rows, m) * Given(W, n, m).transpose();
}

// dW = scale h' d, or W += scale h' d
void eigen_gradient(int rows, int n, int m, const float *h, const float *d, float scale, int add, float *dW)
{
	if (add)
		Result(dW, n, m).noalias() += scale * Given(h, rows, n).transpose() * Given(d, rows, m);
	else
		Result(dW, n, m).noalias() = scale * Given(h, rows, n).transpose() * Given(d, rows, m);
}
}
