#!/usr/bin/env python3
"""The page of a trading run in a real browser: it is read as HTML as it is as XML, every label has its place, every text its
contrast, in a wide and a narrow window, in light and dark; names that try to be markup stay text; and no request leaves it.

    report.py PAGE_PROGRAM                    the test; exit 77 where there is no chromium
    report.py PAGE_PROGRAM --picture FILE     the picture of docs/trade.md"""
import base64
import os
import socket
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ElementTree

from chromium import Chromium, Missing

# What a person would see: labels on each other or cut off, texts too faint (WCAG 2.2, 1.4.3), a page wider than its window.
LOOK = r'''(() => {
  const wrong = [];
  const shown = e => { const b = e.getBoundingClientRect(); return b.width > 0 && b.height > 0; };
  const colour = text => { const n = text.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const light = c => { const f = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
  const ground = e => { for (; e; e = e.parentElement) { const c = colour(getComputedStyle(e).backgroundColor); if (c[3] > 0) return c; }
    return [255, 255, 255, 1]; };
  let texts = 0;
  for (const e of document.body.querySelectorAll('*')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !shown(e)) continue;
    const style = getComputedStyle(e), svg = e instanceof SVGElement, c = colour(svg ? style.fill : style.color), g = ground(e);
    const [a, b] = [light(c), light(g)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    texts++;
    if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(2)}: ${e.textContent.slice(0, 40)}`);
  }
  for (const svg of document.querySelectorAll('svg')) {
    if (!shown(svg)) continue;
    const paper = svg.getBoundingClientRect(), boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
    boxes.forEach(([name, a], i) => {
      if (a.left < paper.left - 1 || a.right > paper.right + 1 || a.top < paper.top - 1 || a.bottom > paper.bottom + 1) wrong.push(`off the paper: ${name}`);
      for (const [other, b] of boxes.slice(i + 1))
        if (a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom) wrong.push(`labels meet: ${name} and ${other}`);
    });
  }
  for (const cell of document.querySelectorAll('td:not(.text)')) {
    const style = getComputedStyle(cell);
    if (style.textAlign !== 'right' || style.fontVariantNumeric !== 'tabular-nums') { wrong.push('a number that is not in line'); break; }
  }
  const width = document.documentElement.scrollWidth;
  if (width > innerWidth) wrong.push(`${width} wide in a window of ${innerWidth}`);
  return {wrong, texts, charts: [...document.querySelectorAll('svg')].filter(shown).map(s => s.getAttribute('class')),
          ground: getComputedStyle(document.body).backgroundColor};
})()'''

STRUCTURE = r'''(() => {
  const wrong = [], all = s => [...document.querySelectorAll(s)];
  if (all('h1').length !== 1) wrong.push('not one h1');
  if (all('h3,h4,h5,h6').length) wrong.push('a heading below h2');
  if (!document.documentElement.lang) wrong.push('no language');
  for (const e of all('table')) if (!e.caption || !e.caption.textContent) wrong.push('a table without a caption');
  for (const e of all('th')) if (!/^(col|row)$/.test(e.scope)) wrong.push(`a heading of a table without its scope: ${e.textContent}`);
  for (const e of all('svg')) {
    const names = (e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id));
    if (e.getAttribute('role') !== 'img' || names.length !== 2 || names.some(n => !n || !n.textContent)) wrong.push('a chart without a description');
  }
  for (const e of all('section')) if (!document.getElementById(e.getAttribute('aria-labelledby'))) wrong.push('a part without a name');
  for (const e of all('script,img,link,iframe,object,embed,form,base')) wrong.push(`an element ${e.tagName}`);
  for (const e of all('*')) for (const a of e.attributes) if (/^on|^style$/.test(a.name)) wrong.push(`an attribute ${a.name}`);
  return {wrong, elements: all('*').length, title: document.title, heading: document.querySelector('h1').textContent,
          sections: all('h2').map(e => e.textContent)};
})()'''

SECTIONS = ['Profit and exposure', 'Latency', 'Positions', 'Rejects', 'Alerts', 'Feed', 'Audit trail', 'Parameters']


class Trap:
    """A port of this machine that counts who comes."""

    def __init__(self):
        self.listener, self.visits = socket.create_server(('127.0.0.1', 0)), 0
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                visitor = self.listener.accept()[0]
            except OSError:
                return
            self.visits += 1
            visitor.close()


def elements_of(path):
    with open(path, 'rb') as file:
        return sum(1 for _ in ElementTree.fromstring(file.read()).iter())


def check_looks(browser, path, complaints):
    grounds = {}
    for width, dark, chart in ((1100, False, 'wide'), (1100, True, 'wide'), (400, False, 'narrow'), (400, True, 'narrow'), (640, False, 'narrow'),
                               (770, False, 'wide')):
        browser.show(path, width, 900, dark)
        seen = browser.evaluate(LOOK)
        where = f'{os.path.basename(path)}, {width} wide, {"dark" if dark else "light"}'
        complaints += [f'{where}: {w}' for w in seen['wrong']]
        if seen['charts'] != [chart, chart]:
            complaints.append(f'{where}: the charts are {seen["charts"]}')
        if seen['texts'] < 200:
            complaints.append(f'{where}: only {seen["texts"]} texts')
        grounds.setdefault(dark, set()).add(seen['ground'])
    if grounds[False] & grounds[True]:
        complaints.append('light and dark look the same')
    browser.call('Emulation.setEmulatedMedia', media='print')
    paper = browser.evaluate(LOOK)
    complaints += [f'on paper: {w}' for w in paper['wrong'] if ' wide in ' not in w]
    browser.call('Emulation.setEmulatedMedia', media='')


def check_structure(browser, path, complaints):
    browser.show(path, 1100, 900)
    seen = browser.evaluate(STRUCTURE)
    name = os.path.basename(path)
    complaints += [f'{name}: {w}' for w in seen['wrong']]
    if seen['elements'] != elements_of(path):
        complaints.append(f'{name}: {seen["elements"]} elements as HTML, {elements_of(path)} as XML')
    if seen['sections'] != SECTIONS:
        complaints.append(f'{name}: its parts are {seen["sections"]}')
    return seen


def check_requests(browser, trap, visits, complaints):
    """The network log has the control page's picture, so that it would have had the report's too."""
    asked = browser.requests()
    ours = [url for url, _ in asked if f'127.0.0.1:{trap.port}' in url]
    if not any(url.endswith('/control') for url in ours):
        complaints.append('the network log lacks the request of the control page')
    complaints += [f'the report asked for {url}' for url in ours if not url.endswith('/control')]
    # What no page asked for has no origin: those are the browser's own errands.
    complaints += [f'{who} asked for {url}' for url, who in asked
                   if who not in ('', 'not an origin') and url not in ours and not url.startswith(('file:', 'about:', 'data:'))]
    if visits:
        complaints.append(f'the report came to the trap {visits} times')
    if trap.visits == 0:
        complaints.append('the control page did not come to the trap')


def test(program, folder):
    complaints, trap = [], Trap()
    plain, hostile, extreme, control = (os.path.join(folder, n + '.html') for n in ('plain', 'hostile', 'extreme', 'control'))
    subprocess.run([program, plain], check=True, timeout=120)
    subprocess.run([program, hostile, f'http://127.0.0.1:{trap.port}/report'], check=True, timeout=120)
    subprocess.run([program, extreme, 'extremes'], check=True, timeout=120)
    with open(control, 'w', encoding='utf-8') as file:
        file.write(f'<!DOCTYPE html><title>control</title><img src="http://127.0.0.1:{trap.port}/control">')
    with Chromium() as browser:
        for page in (plain, hostile, extreme):
            check_looks(browser, page, complaints)
        seen = check_structure(browser, plain, complaints)
        if seen['title'] != 'Trading run: maker' or seen['heading'] != 'Trading run':
            complaints.append(f'the title is {seen["title"]}, the heading {seen["heading"]}')
        seen = check_structure(browser, hostile, complaints)
        if not seen['heading'].startswith('<script>') or 'owned' == seen['title']:
            complaints.append(f'a hostile name became {seen["heading"]!r}')
        png = base64.b64decode(browser.screenshot(full=False))
        if not png.startswith(b'\x89PNG') or len(png) < 10000:
            complaints.append('the picture of the page is empty')
        visits = trap.visits
        browser.show(control, 400, 300)
        check_requests(browser, trap, visits, complaints)
    trap.listener.close()
    for line in complaints:
        print(line)
    return 1 if complaints else 0


def picture(program, folder, out):
    page = os.path.join(folder, 'page.html')
    subprocess.run([program, page], check=True, timeout=120)
    with Chromium() as browser:
        browser.show(page, 1040, 1000)
        bottom = browser.evaluate('document.querySelectorAll("figure")[1].getBoundingClientRect().bottom')
        browser.call('Emulation.setDeviceMetricsOverride', width=1040, height=int(bottom) + 12, deviceScaleFactor=1, mobile=False)
        with open(out, 'wb') as file:
            file.write(base64.b64decode(browser.screenshot(full=False)))
    return 0


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix='inox-report-') as folder:
        try:
            if sys.argv[2:3] == ['--picture']:
                return picture(program, folder, sys.argv[3])
            return test(program, folder)
        except Missing as missing:
            print(f'SKIPPED: {missing}')
            return 77


if __name__ == '__main__':
    sys.exit(main())
