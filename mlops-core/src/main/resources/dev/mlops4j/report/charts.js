(function () {
  "use strict";
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  // Okabe and Ito's colours, which colour-blind readers tell apart, lighter or darker where the
  // ground asks for it; after them the lines are dashed.
  const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#9a7d00", "#3a9bd9", "#5b5b5b"];
  const DARK = ["#56a8e8", "#ff8a3d", "#2fcf9f", "#ec9fc8", "#f0e442", "#8fd3ff", "#c0c0c0"];
  const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
  const HEIGHT = 320;
  // So many are drawn at once; the others when the reader comes near them.
  const EAGER = 6;
  const NEAR = "600px 0px";
  const drawn = new Map();

  function shown(value) {
    return value === null || value === undefined ? "–" : String(Number(value.toPrecision(6)));
  }

  // Lines have points at different places: within a line its nearest one is shown, left of it and
  // right of it nothing.
  function nearest(plot, series, hovered) {
    const values = plot.data[series];
    let left = hovered;
    let right = hovered;
    while (left >= 0 && values[left] === undefined) {
      left--;
    }
    while (right < values.length && values[right] === undefined) {
      right++;
    }
    if (left < 0 || right >= values.length) {
      return hovered;
    }
    const at = plot.data[0];
    return at[hovered] - at[left] <= at[right] - at[hovered] ? left : right;
  }

  // What the eye and the mouse have: a name for the picture, and the legend's switches by keys.
  function describe(plot, chart) {
    const canvas = plot.root.querySelector("canvas");
    const names = chart.lines.map((one) => one.name).join(", ");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "line chart of " + chart.title + " by " + chart.x + ": " + names);
    switches(plot).forEach((label) => {
      label.tabIndex = 0;
      label.setAttribute("role", "button");
      label.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          label.click();
        }
      });
    });
    press(plot);
  }

  function switches(plot) {
    return Array.from(plot.root.querySelectorAll(".u-legend .u-label")).slice(1);
  }

  function press(plot) {
    switches(plot).forEach((label, i) =>
      label.setAttribute("aria-pressed", String(plot.series[i + 1].show !== false))
    );
  }

  // Of a bin the height holds from where it begins to where the next one does.
  function shape(chart, colour) {
    return chart.axis === "bin"
      ? { paths: uPlot.paths.stepped({ align: 1 }), fill: colour + "30", points: { show: false } }
      : {};
  }

  // How sure a line is: behind it, where a point has a band.
  function bands(plot, chart, colours) {
    const ctx = plot.ctx;
    clipped(plot, () =>
      chart.lines.forEach((one, i) => {
        if (!one.low || plot.series[i + 1].show === false) {
          return;
        }
        ctx.fillStyle = ctx.strokeStyle = colours[one.number % colours.length] + "38";
        runs(one).forEach((run) => {
          const at = (k, values) => [
            plot.valToPos(one.x[k], "x", true),
            plot.valToPos(values[k], "y", true),
          ];
          ctx.beginPath();
          run.forEach((k) => ctx.lineTo(...at(k, one.high)));
          run.slice().reverse().forEach((k) => ctx.lineTo(...at(k, one.low)));
          if (run.length > 1) {
            ctx.fill();
          } else {
            ctx.lineWidth = 5 * devicePixelRatio;
            ctx.stroke();
          }
        });
      })
    );
  }

  // The numbers of neighbouring points that have a band.
  function runs(one) {
    const found = [];
    one.low.forEach((low, k) => {
      if (low === null) {
        return;
      }
      const last = found[found.length - 1];
      if (last && last[last.length - 1] === k - 1) {
        last.push(k);
      } else {
        found.push([k]);
      }
    });
    return found;
  }

  function marks(plot, chart, ink) {
    const ctx = plot.ctx;
    clipped(plot, () =>
      (chart.marks || []).forEach((mark) => {
        const x = plot.valToPos(mark.x, "x", true);
        ctx.strokeStyle = ctx.fillStyle = ink;
        ctx.lineWidth = devicePixelRatio;
        ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
        ctx.beginPath();
        ctx.moveTo(x, plot.bbox.top);
        ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
        ctx.stroke();
        const left = x > plot.bbox.left + plot.bbox.width / 2;
        ctx.font = 12 * devicePixelRatio + "px system-ui, sans-serif";
        ctx.textAlign = left ? "right" : "left";
        ctx.textBaseline = "top";
        const away = 4 * devicePixelRatio;
        ctx.fillText(mark.name, x + (left ? -away : away), plot.bbox.top + away);
      })
    );
  }

  function clipped(plot, draw) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw();
    ctx.restore();
  }

  // A band must fit, not its line alone.
  function height(chart) {
    const ends = chart.lines
      .flatMap((one) => (one.low || []).concat(one.high || []))
      .filter((end) => end !== null);
    return ends.length === 0
      ? {}
      : {
          range: (plot, least, greatest) =>
            least === null
              ? [null, null]
              : uPlot.rangeNum(Math.min(least, ...ends), Math.max(greatest, ...ends), 0.1, true),
        };
  }

  // The value, and its band where there is one.
  function told(plot, one, value, at) {
    const k = at === null || !one.low ? -1 : one.x.indexOf(plot.data[0][at]);
    return k >= 0 && one.low[k] !== null
      ? shown(value) + " (" + shown(one.low[k]) + " to " + shown(one.high[k]) + ")"
      : shown(value);
  }

  function draw(i) {
    const chart = charts[i];
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink");
    const line = style.getPropertyValue("--line");
    const colours = dark.matches ? DARK : LIGHT;
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    const place = document.getElementById("chart-" + i);
    const series = chart.lines.map((one) =>
      Object.assign(
        {
          label: one.name,
          stroke: colours[one.number % colours.length],
          dash: DASHES[Math.floor(one.number / colours.length) % DASHES.length],
          width: 1.5,
          value: (plot, value, number, at) => told(plot, one, value, at),
        },
        shape(chart, colours[one.number % colours.length])
      )
    );
    const time = chart.axis === "time";
    const x = time ? {} : { value: (plot, value) => shown(value) };
    const plot = new uPlot(
      {
        hooks: {
          setSeries: [press],
          drawClear: [(plot) => bands(plot, chart, colours)],
          draw: [(plot) => marks(plot, chart, ink)],
        },
        width: place.clientWidth,
        height: HEIGHT,
        scales: { x: { time: time }, y: height(chart) },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1e3), "Etc/UTC"),
        cursor: { dataIdx: nearest },
        axes: [
          Object.assign({ label: chart.x }, axis),
          Object.assign({ size: 80, values: (plot, ticks) => ticks.map(shown) }, axis),
        ],
        series: [Object.assign({ label: chart.x }, x)].concat(series),
      },
      uPlot.join(chart.lines.map((one) => [one.x, one.y])),
      place
    );
    describe(plot, chart);
    drawn.set(i, plot);
  }

  function drawMissing() {
    charts.forEach((chart, i) => drawn.has(i) || draw(i));
  }

  const waiting = new IntersectionObserver(
    (entries) =>
      entries.forEach((entry) => {
        const i = Number(entry.target.id.slice("chart-".length));
        if (entry.isIntersecting) {
          waiting.unobserve(entry.target);
          if (!drawn.has(i)) {
            draw(i);
          }
        }
      }),
    { rootMargin: NEAR }
  );
  charts.forEach((chart, i) =>
    i < EAGER ? draw(i) : waiting.observe(document.getElementById("chart-" + i))
  );
  addEventListener("beforeprint", drawMissing);
  dark.addEventListener("change", () => {
    const again = Array.from(drawn.keys());
    drawn.forEach((plot) => plot.destroy());
    drawn.clear();
    again.forEach(draw);
  });
  addEventListener("resize", () =>
    drawn.forEach((plot) =>
      plot.setSize({ width: plot.root.parentElement.clientWidth, height: HEIGHT })
    )
  );
})();
