// Lines over the last minutes, drawn by uPlot.

import uPlot from './uplot.js';
import {duration, el} from './dom.js';
import {history} from './live.js';

const HEIGHT = 150;
const CLOCK = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * @param lines [{label, colour: name of a custom property, value: (sample, before) => number or null}]
 * @param format of a value
 * @param least how much the axis has at least
 */
export function chart(title, lines, format = v => v === null ? '–' : String(Math.round(v * 10) / 10), least = 1) {
  const place = el('div', {class: 'plot', role: 'img', 'aria-label': title});
  const figure = el('figure', {class: 'chart'}, el('figcaption', {}, title), place);
  let plot = null;
  let drawn = 0;

  const data = () => [
    history.map(sample => sample.at),
    ...lines.map(line => history.map((sample, i) => line.value(sample, history[i - 1]) ?? null)),
  ];

  const options = width => ({
    width,
    height: HEIGHT,
    cursor: {y: false},
    legend: {live: false},
    scales: {x: {range: span}, y: {range: (_, lowest, most) => [0, Math.max(most || 0, least) * 1.1]}},
    axes: [
      {stroke: colour('--faint-text'), grid: {show: false}, ticks: {show: false}, space: 80, size: 30,
        values: (_, times) => times.map(at => CLOCK.format(at * 1000))},
      {stroke: colour('--faint-text'), grid: {stroke: colour('--line'), width: 1}, size: 62,
        values: (_, values) => values.map(format)},
    ],
    series: [{label: 'at'}, ...lines.map(line => ({
      label: line.label, stroke: colour(line.colour), width: 2, points: {show: false}, value: (_, v) => v === null ? '–' : format(v),
    }))],
  });

  const make = () => {
    plot?.destroy();
    plot = null;
    const width = place.clientWidth;
    if (width > 0) {
      plot = new uPlot(options(width), data(), place);
    }
  };

  const sizes = new ResizeObserver(() => {
    if (plot && place.clientWidth !== plot.width) {
      plot.setSize({width: place.clientWidth, height: HEIGHT});
    } else if (!plot) {
      make();
    }
  });
  sizes.observe(place);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', make);

  return {
    figure,
    draw() {
      const latest = history.at(-1)?.at ?? 0;
      if (plot && latest !== drawn) {
        drawn = latest;
        plot.setData(data());
      }
    },
    end() {
      sizes.disconnect();
      scheme.removeEventListener('change', make);
      plot?.destroy();
    },
  };
}

/** At least a minute, so that one sample is a point at its end. */
function span() {
  const last = history.at(-1)?.at ?? Date.now() / 1000;
  return [Math.min(history[0]?.at ?? last, last - 60), last];
}

/** How much a count has grown each second. */
export const rate = of => (sample, before) => {
  if (!before || sample.at <= before.at) {
    return null;
  }
  return Math.max(0, of(sample) - of(before)) / (sample.at - before.at);
};

export const seconds = v => v === null ? '–' : duration(v);
