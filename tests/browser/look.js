// SPDX-License-Identifier: MIT
//
// look.js - opens pages in Chromium and looks at them as people do: with a mouse, with a keyboard alone, without
// JavaScript, on a phone, in the dark, on paper
//
//     node look.js PAGES SHOTS
//
// Each page of the folder PAGES must be small, make no request and print no error; axe-core finds nothing to say of it.
// Pictures go to the folder SHOTS.  CHROMIUM is the browser.
"use strict";

const fs = require("fs");
const os = require("os");
const path = require("path");
const {pathToFileURL} = require("url");
const {chromium} = require("playwright-core");

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PAGE_MOST = 500000, SCRIPT_MOST = 15 * 1024, TABS_MOST = 150;
const WIDTHS = [1280, 390], SCHEMES = ["light", "dark"];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

let checks = 0, failures = 0;

// Counts a check; what is wrong is said.
const check = (name, what, right, found = "") => {
	checks++;
	if (right)
		return;
	failures++;
	console.log(`FAILED: ${name}: ${what}${found === "" ? "" : `: ${found}`}`);
};

// ---- The file ----

const checkFile = (name, file) => {
	const text = fs.readFileSync(file, "utf8"), size = fs.statSync(file).size;
	const scripts = [...text.matchAll(/<script>([^]*?)<\/script>/g)].map((match) => Buffer.byteLength(match[1]));
	const json = /<script type="application\/json" id="hebb-numbers">([^]*?)<\/script>/.exec(text);

	check(name, `is at most ${PAGE_MOST} bytes`, size <= PAGE_MOST, size);
	check(name, `has one script of at most ${SCRIPT_MOST} bytes`, scripts.length === 1 && scripts[0] <= SCRIPT_MOST, scripts);
	check(name, "has its numbers as JSON", json !== null);
	try {
		JSON.parse(json ? json[1] : "{}");
	} catch (error) {
		check(name, "has JSON that can be read", false, error.message);
	}
	return size;
};

// ---- Opening ----

// Opens a page in a window of its own; what it asks for and complains of is collected.
const open = async (browser, file, {width = 1280, scheme = "light", script = true, bare = true} = {}) => {
	const context = await browser.newContext({
		viewport: {width, height: width > 600 ? 900 : 844}, colorScheme: scheme, javaScriptEnabled: script,
		bypassCSP: !bare, reducedMotion: "reduce",
	});
	const page = await context.newPage(), url = pathToFileURL(file).href, requests = [], complaints = [];

	page.on("request", (request) => request.url() === url || request.url().startsWith("data:") || requests.push(request.url()));
	page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("dialog", (dialog) => { complaints.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
	await page.goto(url);
	return {page, requests, complaints, close: () => context.close()};
};

const checkQuiet = (name, how, {requests, complaints}) => {
	check(name, `${how}: asks for nothing`, requests.length === 0, requests);
	check(name, `${how}: no error in the console`, complaints.length === 0, complaints);
};

// ---- Looks ----

const checkOverflow = async (name, how, page) => {
	const wide = await page.evaluate(() => {
		const width = document.documentElement.clientWidth, found = [];

		if (document.documentElement.scrollWidth <= width)
			return "";
		for (const element of document.body.querySelectorAll("*"))
			if (element.getBoundingClientRect().right > width + 1 && !element.closest(".scroll, svg"))
				found.push(`${element.tagName}.${element.className}`);
		return `${document.documentElement.scrollWidth} of ${width} pixels: ${found.slice(0, 4).join(" ")}`;
	});

	check(name, `${how}: nothing is wider than the window`, wide === "", wide);
};

const checkAccess = async (name, how, page) => {
	await page.evaluate(axe);
	const found = await page.evaluate((tags) => window.axe.run(document, {runOnly: tags, resultTypes: ["violations"]}), RULES);

	for (const violation of found.violations) {
		const nodes = violation.nodes.slice(0, 2).map((node) => `${node.target}: ${node.any.concat(node.all, node.none)[0]?.message}`);
		check(name, `${how}: ${violation.id}, ${violation.nodes.length} times`, false, nodes.join("; "));
	}
	check(name, `${how}: axe-core looked at something`, found.testEngine !== undefined);
};

const lookAt = async (browser, name, file, shots) => {
	for (const scheme of SCHEMES)
		for (const width of WIDTHS) {
			const how = `${scheme}, ${width} pixels`, seen = await open(browser, file, {width, scheme, bare: false});

			await checkOverflow(name, how, seen.page);
			await checkAccess(name, how, seen.page);
			await seen.page.screenshot({path: path.join(shots, `${name}-${scheme}-${width}.png`), fullPage: true});
			checkQuiet(name, how, seen);
			await seen.close();
		}
};

// ---- On paper ----

const print = async (browser, name, file, shots) => {
	const seen = await open(browser, file, {scheme: "dark"}), target = path.join(shots, `${name}.pdf`);

	await seen.page.pdf({path: target, format: "A4", printBackground: true});
	check(name, "prints", fs.readFileSync(target).subarray(0, 5).toString() === "%PDF-");
	await seen.page.emulateMedia({media: "print", colorScheme: "light"});
	await seen.page.setViewportSize({width: 794, height: 1123});
	await seen.page.screenshot({path: path.join(shots, `${name}-print.png`), fullPage: true});
	checkQuiet(name, "printed", seen);
	await seen.close();
};

// ---- Without JavaScript ----

const countFigures = (page) => page.locator("svg:visible").count();

const readWithoutScript = async (browser, name, file) => {
	const live = await open(browser, file), still = await open(browser, file, {script: false});

	check(name, "without JavaScript the figures are there", await countFigures(still.page) === await countFigures(live.page));
	check(name, "without JavaScript it has a heading", await still.page.locator("h1:visible").count() === 1);
	await checkQuiet(name, "without JavaScript", still);
	await live.close();
	await still.close();
};

// ---- By keyboard ----

// What can have the focus, in the order of the page, and whether it is seen.
const FOCUSABLE = "a[href], button, summary, input, [tabindex='0']";

const tabThrough = async (name, page) => {
	const all = await page.evaluate((selector) => {
		const list = [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());

		list.forEach((element, i) => { element.dataset.order = i; });
		return list.length;
	}, FOCUSABLE);
	const most = Math.min(all, TABS_MOST), visited = [];
	let unseen = "";

	for (let i = 0; i < most; i++) {
		await page.keyboard.press("Tab");
		const at = await page.evaluate(() => {
			const element = document.activeElement, style = getComputedStyle(element);

			return {order: element.dataset.order, shown: style.outlineStyle !== "none" || element.className === "skip", tag: element.outerHTML.slice(0, 80)};
		});

		visited.push(Number(at.order));
		unseen ||= at.shown ? "" : at.tag;
	}
	check(name, "Tab goes through everything in order", visited.every((order, i) => order === i), visited.slice(0, 20));
	check(name, "one sees where the focus is", unseen === "", unseen);
};

const columnOf = (page, column) => page.evaluate((at) => {
	const table = document.querySelector("table.sorts");

	return [...table.tBodies[0].rows].map((row) => (row.cells[at].dataset.key || row.cells[at].textContent).trim());
}, column);

const sortByKeyboard = async (name, page) => {
	const button = page.locator("table.sorts").first().locator("thead th button");

	if (await button.count() === 0)
		return;
	const column = await button.count() - 1, head = page.locator("table.sorts").first().locator("thead th").nth(column);
	const before = await columnOf(page, column);

	await button.nth(column).focus();
	await page.keyboard.press("Enter");
	const first = await head.getAttribute("aria-sort"), once = await columnOf(page, column);
	await page.keyboard.press("Space");
	const second = await head.getAttribute("aria-sort"), twice = await columnOf(page, column);
	check(name, "a table sorts by keyboard", ["ascending", "descending"].includes(first) && ["ascending", "descending"].includes(second) && first !== second,
		`${first}, ${second}`);
	check(name, "sorting keeps the rows", [...once].sort().join() === [...before].sort().join());
	if (new Set(before).size > 1)
		check(name, "sorting again turns the rows", once.join() !== twice.join());
};

const filterByKeyboard = async (name, page) => {
	const field = page.locator("input[type=search]").first();

	if (await field.count() === 0)
		return;
	const rows = page.locator("table[data-filter] tbody tr:visible"), all = await rows.count();

	await field.focus();
	await page.keyboard.type("no such word");
	check(name, "a filter hides rows", await rows.count() === 0);
	await field.fill("");
	check(name, "an empty filter shows all", await rows.count() === all);
};

// ---- By mouse ----

const firstChart = (page) => page.locator("figure.chart svg[data-chart]:visible").first();

const readValues = async (name, page) => {
	const chart = firstChart(page);

	if (await chart.count() === 0)
		return;
	await chart.scrollIntoViewIfNeeded();
	const box = await chart.boundingBox(), tip = page.locator(".tip:visible");

	await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
	check(name, "hovering shows values", await tip.count() === 1 && /\d/.test(await tip.textContent()));
	await page.mouse.move(2, 2);
	check(name, "and no longer than that", await tip.count() === 0);
	await chart.focus();
	await page.keyboard.press("ArrowRight");
	check(name, "arrow keys show values", await tip.count() === 1 && /\d/.test(await tip.textContent()));
	await page.keyboard.press("Escape");
	check(name, "Escape hides them", await tip.count() === 0);
};

const zoom = async (name, page) => {
	const chart = page.locator("figure.chart svg[data-chart]:visible:has(.curve)").first();

	if (await chart.count() === 0)
		return;
	const plot = chart.locator(".plot"), at = () => plot.getAttribute("transform");

	await chart.focus();
	await page.keyboard.press("+");
	const near = await at();
	await page.keyboard.press("0");
	const whole = await at();
	check(name, "zooms by keyboard and back", near !== null && near !== whole && !/scale\(1 1\)/.test(near), near);
	const box = await chart.boundingBox(), y = box.y + box.height * 0.5;

	await page.mouse.move(box.x + box.width * 0.4, y);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width * 0.6, y, {steps: 4});
	await page.mouse.up();
	check(name, "zooms by mouse", await at() !== whole);
	await chart.dblclick();
	check(name, "a double click shows everything", await at() === whole, await at());
};

const use = async (browser, name, file) => {
	const seen = await open(browser, file);

	await tabThrough(name, seen.page);
	await sortByKeyboard(name, seen.page);
	await filterByKeyboard(name, seen.page);
	await readValues(name, seen.page);
	await zoom(name, seen.page);
	checkQuiet(name, "used", seen);
	await seen.close();
};

// ---- All pages ----

const lookAtPage = async (browser, name, file, shots) => {
	const begin = Date.now(), size = checkFile(name, file);

	for (const look of [lookAt, print, readWithoutScript, use])
		await look(browser, name, file, shots).catch((error) => check(name, look.name, false, error.message.split("\n")[0]));
	console.log(`${name}: ${Math.round(size / 1000)} kB, looked at in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
};

const main = async () => {
	const [pages, shots] = process.argv.slice(2).map((folder) => path.resolve(folder));
	const files = fs.readdirSync(pages).filter((file) => file.endsWith(".html")).sort();
	const browser = await chromium.launch({executablePath: process.env.CHROMIUM, chromiumSandbox: process.getuid() !== 0});

	fs.rmSync(shots, {recursive: true, force: true});
	fs.mkdirSync(shots, {recursive: true});
	check("pages", "there are some", files.length > 0);
	const left = [...files], work = async () => {
		while (left.length > 0) {
			const file = left.shift();

			await lookAtPage(browser, path.basename(file, ".html"), path.join(pages, file), shots);
		}
	};
	await Promise.all(os.cpus().slice(0, 4).map(work));
	await browser.close();
	console.log(`${checks - failures} passed, ${failures} failed; pictures are in ${shots}`);
	process.exitCode = failures > 0 ? 1 : 0;
};

main();
