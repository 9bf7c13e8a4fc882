#!/usr/bin/env node
// SPDX-License-Identifier: MIT
/*
 * peer_onnxruntime.js - the predictions of W6 by ONNX Runtime, in one process
 *
 *     peer_onnxruntime.js MODULES W6 ROWS RUNS THREADS DIGITS
 *
 * MODULES/onnxruntime-node is the package from npm. The folder of DIGITS has the models that steps_hebb.c writes.  The package waits for the
 * next turn of the event loop at each call; what it calls then is called here at once, so that the engine is timed, not the loop.
 */
"use strict";
const fs = require("fs");
const path = require("path");

const [modules, workload, , , threads, digits] = process.argv.slice(2);
const folder = path.dirname(digits);
const { binding, initOrt } = require(path.join(modules, "onnxruntime-node/dist/binding.js"));
const { Tensor } = require(path.join(modules, "onnxruntime-common"));

const ROWS = 10000, SINGLE = 64, STRETCHES = 11, BLOCKS = [500, 2000, ROWS];
const NETS = { "3-3-1": [3, 1], "64-30-10": [64, 10], "784-800-10": [784, 10] };

/* The numbers of workload.h. */
function numbers(count) {
	const made = new Float32Array(count);
	let state = 1;
	for (let i = 0; i < count; i++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		made[i] = (state >>> 8) * 2 ** -24 - 0.5;
	}
	return made;
}

const seconds = () => Number(process.hrtime.bigint()) * 1e-9;

/* Seconds of a call: the median of some stretches of 10 ms. */
function secondsOf(call) {
	let times = 0, begin = seconds();
	for (; seconds() - begin < 0.05; times++) call(); // the engine of JavaScript compiles meanwhile
	times = Math.max(1, Math.round(times / 5));
	const stretches = Array.from({ length: STRETCHES }, () => {
		begin = seconds();
		for (let i = 0; i < times; i++) call();
		return (seconds() - begin) / times;
	});
	return stretches.sort((a, b) => a - b)[(STRETCHES - 1) / 2];
}

function load(name) {
	const session = new binding.InferenceSession();
	const bytes = fs.readFileSync(path.join(folder, `${name}.onnx`));
	session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, {
		intraOpNumThreads: Number(threads), interOpNumThreads: 1, graphOptimizationLevel: "all" });
	return session;
}

/* Runs of a session on the rows of x in blocks, their results in memory that is used again. */
function pass(session, x, inputs, outputs, block, rows) {
	const [from, to] = [session.inputMetadata[0].name, session.outputMetadata[0].name];
	const result = new Float32Array(block * outputs);
	const runs = [];
	for (let i = 0; i < rows; i += block) {
		const part = new Tensor("float32", x.subarray(i * inputs, (i + block) * inputs), [block, inputs]);
		runs.push([{ [from]: part }, { [to]: new Tensor("float32", result, [block, outputs]) }]);
	}
	return { result, call: () => runs.forEach(([feeds, fetches]) => session.run(feeds, fetches, {})) };
}

function sum(session, x, inputs, outputs) {
	const all = pass(session, x, inputs, outputs, SINGLE, SINGLE);
	all.call();
	return all.result.reduce((total, h, i) => total + h * ((i % outputs) + 1), 0);
}

function measure(name, inputs, outputs) {
	const x = numbers(ROWS * inputs), session = load(name);
	const one = secondsOf(pass(session, x, inputs, outputs, 1, SINGLE).call) / SINGLE;
	const many = BLOCKS.map((block) => secondsOf(pass(session, x, inputs, outputs, block, ROWS).call) / ROWS);
	return { microseconds: 1e6 * one, rows_per_second: 1 / Math.min(...many), sum: sum(session, x, inputs, outputs) };
}

if (workload !== "W6") throw new Error("ONNX Runtime does not train here");
initOrt();
const latency = {};
for (const [name, [inputs, outputs]] of Object.entries(NETS)) latency[name] = measure(name, inputs, outputs);
console.log(JSON.stringify({ latency }));
