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
  let drawn = [];

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

  function draw() {
    drawn.forEach((plot) => plot.destroy());
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink");
    const line = style.getPropertyValue("--line");
    const colours = dark.matches ? DARK : LIGHT;
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    drawn = charts.map((chart, i) => {
      const place = document.getElementById("chart-" + i);
      const series = chart.lines.map((one) => ({
        label: one.name,
        stroke: colours[one.number % colours.length],
        dash: DASHES[Math.floor(one.number / colours.length) % DASHES.length],
        width: 1.5,
        value: (plot, value) => shown(value),
      }));
      const plot = new uPlot(
        {
          hooks: { setSeries: [press] },
          width: place.clientWidth,
          height: HEIGHT,
          scales: { x: { time: false } },
          cursor: { dataIdx: nearest },
          axes: [
            Object.assign({ label: chart.x }, axis),
            Object.assign({ size: 80, values: (plot, ticks) => ticks.map(shown) }, axis),
          ],
          series: [{ label: chart.x, value: (plot, value) => shown(value) }].concat(series),
        },
        uPlot.join(chart.lines.map((one) => [one.x, one.y])),
        place
      );
      describe(plot, chart);
      return plot;
    });
  }

  draw();
  dark.addEventListener("change", draw);
  addEventListener("resize", () =>
    drawn.forEach((plot) =>
      plot.setSize({ width: plot.root.parentElement.clientWidth, height: HEIGHT })
    )
  );
})();
