// script.js - what a page of Hebb can do beyond being read: sort tables, show numbers, zoom charts
"use strict";
(() => {
	const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
	const make = (name, attributes = {}, parent = null) => {
		const svg = ["path", "rect"].includes(name);
		const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
		for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
		if (parent) parent.append(element);
		return element;
	};

	// ---- Tables: a button in each head sorts the rows, first down, then up ----

	const numberOf = (text) => {
		const plain = text.replace(/[,%\s]/g, "").replace("\u2212", "-");
		return plain !== "" && isFinite(plain) ? Number(plain) : NaN;
	};
	const keyOf = (cell) => {
		const text = (cell && (cell.dataset.key || cell.textContent).trim()) || "";
		return { text, number: numberOf(text) };
	};
	const compare = (a, b, sign) => {
		const missing = Number(isNaN(a.number)) - Number(isNaN(b.number));
		if (!isNaN(a.number) && !isNaN(b.number)) return sign * (a.number - b.number);
		return missing || sign * a.text.localeCompare(b.text);
	};
	const sortBy = (table, head, column) => {
		const down = head.getAttribute("aria-sort") !== "descending";
		const body = table.tBodies[0];
		const rows = Array.from(body.rows).map((row) => ({ row, key: keyOf(row.cells[column]) }));
		rows.sort((a, b) => compare(a.key, b.key, down ? -1 : 1));
		all("th", table.tHead).forEach((other) => other.removeAttribute("aria-sort"));
		head.setAttribute("aria-sort", down ? "descending" : "ascending");
		body.append(...rows.map((entry) => entry.row));
	};
	all("table.sorts").forEach((table) => {
		all("thead th", table).forEach((head, column) => {
			const button = make("button", { type: "button" });
			button.append(...head.childNodes);
			head.append(button);
			button.addEventListener("click", () => sortBy(table, head, column));
		});
	});

	// ---- Filters: rows that have not all of the words are hidden ----

	all("table[data-filter]").forEach((table) => {
		const rows = Array.from(table.tBodies[0].rows, (row) => [row, row.textContent.toLowerCase()]);
		const line = make("p", { class: "filter" });
		const label = make("label", {}, line);
		label.append(`${table.dataset.filter} `);
		const field = make("input", { type: "search" }, label);
		const count = make("output", {}, line);
		field.addEventListener("input", () => {
			const words = field.value.toLowerCase().split(/\s+/);
			rows.forEach(([row, text]) => { row.hidden = !words.every((word) => text.includes(word)); });
			count.textContent = field.value ? ` ${rows.filter(([row]) => !row.hidden).length} of ${rows.length}` : "";
		});
		(table.closest(".scroll") || table).before(line);
	});

	// ---- Charts ----

	const holder = document.getElementById("hebb-charts");
	const charts = holder ? JSON.parse(holder.textContent) : [];
	const show = (axis, value) => {
		if (value === null || !isFinite(value)) return "–";
		const named = axis.names[Math.round(value)];
		if (named !== undefined) return named;
		const scaled = axis.percent ? 100 * value : value;
		const size = Math.abs(scaled);
		const text = size !== 0 && (size < 1e-4 || size >= 1e15) ? scaled.toExponential(3)
			: Number(scaled.toPrecision(size >= 1e4 ? 9 : 4)).toLocaleString("en-US", { maximumFractionDigits: 8 });
		return text.replace("-", "\u2212") + (axis.percent ? " %" : "");
	};
	const toShare = (axis, value) => axis.log ? Math.log(value / axis.from) / Math.log(axis.to / axis.from)
		: (value - axis.from) / (axis.to - axis.from);
	const fromShare = (axis, share) => axis.log ? axis.from * Math.pow(axis.to / axis.from, share)
		: axis.from + share * (axis.to - axis.from);

	class Chart {
		constructor(svg, about) {
			Object.assign(this, { svg, about, from: 0, to: 1, at: -1 });
			this.figure = svg.parentElement;
			this.plot = svg.querySelector(".plot");
			this.tip = make("div", { class: "tip", role: "status", hidden: "" }, this.figure);
			this.cursor = make("path", { class: "cursor", d: "" }, svg);
			this.band = make("rect", { class: "zoom", y: about.y.end, height: about.y.begin - about.y.end, width: 0 }, svg);
			this.ticks = all(".ticks.x text", svg);
			this.tickTexts = this.ticks.map((tick) => tick.textContent);
			this.places = [...new Set(about.series.flatMap((series) => series.x))].filter((x) => x !== null).sort((a, b) => a - b);
			svg.setAttribute("tabindex", "0");
			svg.setAttribute("aria-description", "Arrow keys show the numbers; plus and minus zoom, 0 shows everything.");
			svg.addEventListener("pointermove", (event) => this.move(event));
			svg.addEventListener("pointerdown", (event) => this.press(event));
			svg.addEventListener("pointerup", (event) => this.release(event));
			svg.addEventListener("pointerleave", () => this.hide());
			svg.addEventListener("dblclick", () => this.zoom(0, 1));
			svg.addEventListener("keydown", (event) => this.key(event));
			svg.addEventListener("blur", () => this.hide());
		}

		// The share of the width, 0 to 1, at which the pointer is, in the part that is shown.
		shareAt(event) {
			const box = this.svg.getBoundingClientRect();
			const x = (event.clientX - box.left) / box.width * this.svg.viewBox.baseVal.width;
			return Math.min(1, Math.max(0, (x - this.about.x.begin) / (this.about.x.end - this.about.x.begin)));
		}

		// Where a value of x is on the sheet.
		sheetX(value) {
			const share = (toShare(this.about.x, value) - this.from) / (this.to - this.from);
			return this.about.x.begin + share * (this.about.x.end - this.about.x.begin);
		}

		nearest(value) {
			let best = 0;
			const share = toShare(this.about.x, value);
			this.places.forEach((x, i) => {
				if (Math.abs(toShare(this.about.x, x) - share) < Math.abs(toShare(this.about.x, this.places[best]) - share)) best = i;
			});
			return best;
		}

		move(event) {
			const share = this.shareAt(event);
			if (this.start !== undefined) {
				const [a, b] = [Math.min(this.start, share), Math.max(this.start, share)];
				const width = this.about.x.end - this.about.x.begin;
				this.band.setAttribute("x", this.about.x.begin + a * width);
				this.band.setAttribute("width", (b - a) * width);
			}
			if (this.places.length) this.point(this.nearest(fromShare(this.about.x, this.from + share * (this.to - this.from))));
		}

		press(event) {
			if (event.pointerType === "mouse" && event.button === 0) this.start = this.shareAt(event);
		}

		release(event) {
			const begin = this.start;
			const end = this.shareAt(event);
			this.start = undefined;
			this.band.setAttribute("width", 0);
			if (begin === undefined || Math.abs(begin - end) < 0.02) return;
			const span = this.to - this.from;
			this.zoom(this.from + Math.min(begin, end) * span, this.from + Math.max(begin, end) * span);
		}

		key(event) {
			const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
			const middle = (this.from + this.to) / 2;
			const half = (this.to - this.from) / 2;
			if (step && this.places.length) this.point(Math.min(this.places.length - 1, Math.max(0, this.at + step)));
			else if (event.key === "Home") this.point(0);
			else if (event.key === "End") this.point(this.places.length - 1);
			else if (event.key === "+" || event.key === "=") this.zoom(middle - half / 2, middle + half / 2);
			else if (event.key === "-") this.zoom(middle - half * 2, middle + half * 2);
			else if (event.key === "0") this.zoom(0, 1);
			else if (event.key === "Escape") this.hide();
			else return;
			event.preventDefault();
		}

		// Shows the numbers at a place.
		point(at) {
			const x = this.places[at];
			if (x === undefined) return;
			this.at = at;
			const sheet = this.sheetX(x);
			this.cursor.setAttribute("d", `M${sheet} ${this.about.y.begin}V${this.about.y.end}`);
			this.tip.replaceChildren();
			const head = make("div", {}, this.tip);
			head.textContent = `${this.about.x.title} ${show(this.about.x, x)}`;
			for (const series of this.about.series) {
				const i = series.x.indexOf(x);
				if (i < 0) continue;
				const line = make("div", {}, this.tip);
				make("i", {}, line).style.background = `var(--i${series.ink})`;
				line.append(`${series.name || this.about.y.title} ${show(this.about.y, series.y[i])}`);
			}
			this.tip.hidden = false;
			const box = this.svg.getBoundingClientRect();
			const left = sheet / this.svg.viewBox.baseVal.width * box.width;
			const room = this.figure.clientWidth - this.tip.offsetWidth;
			this.tip.style.left = `${Math.max(0, Math.min(room, left + 10 + this.tip.offsetWidth > box.width ? left - 10 - this.tip.offsetWidth : left + 10))}px`;
			this.tip.style.top = "2rem";
		}

		hide() {
			this.tip.hidden = true;
			this.cursor.setAttribute("d", "");
			this.start = undefined;
			this.band.setAttribute("width", 0);
		}

		// Shows the part from..to of the x axis, shares of the whole; the marks keep their place, and their numbers change.
		zoom(from, to) {
			const x = this.about.x;
			const least = Math.max(0, from);
			const most = Math.min(1, to);
			if (most - least < 1e-3 || x.names.length) return;
			Object.assign(this, { from: least, to: most });
			const scale = 1 / (most - least);
			const shift = x.begin - (x.begin + least * (x.end - x.begin)) * scale;
			this.plot.setAttribute("transform", `translate(${shift} 0) scale(${scale} 1)`);
			const whole = least === 0 && most === 1;
			this.ticks.forEach((tick, i) => {
				const share = (tick.x.baseVal[0].value - x.begin) / (x.end - x.begin);
				tick.textContent = whole ? this.tickTexts[i] : show(x, Number(fromShare(x, least + share * (most - least)).toPrecision(3)));
			});
			this.hide();
		}
	}
	all("svg[data-chart]").forEach((svg) => {
		const about = charts[Number(svg.dataset.chart)];
		if (about) new Chart(svg, about);
	});

	// ---- Commands: a button copies one ----

	all("pre.command").forEach((command) => {
		if (!navigator.clipboard) return;
		const text = command.textContent;
		const button = make("button", { type: "button", class: "copy" });
		button.textContent = "Copy";
		button.addEventListener("click", () => navigator.clipboard.writeText(text).then(() => { button.textContent = "Copied"; }));
		command.after(button);
	});

	// Sections that are folded are open on paper.
	window.addEventListener("beforeprint", () => all("details").forEach((details) => { details.open = true; }));
})();
