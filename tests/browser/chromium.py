"""Drives a headless Chromium of our own over its debugging pipe (file descriptors 3 and 4; no port is opened), for the
browser tests. The process is in a session of its own, and closing ends that session alone."""
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ANSWER_LIMIT_S = 120  # a slow machine is not a failure; a hung browser is
FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--disable-default-apps', '--disable-extensions',
         '--hide-scrollbars', '--disable-breakpad', '--remote-debugging-pipe',
         # The browser has errands of its own; none of them leaves this machine.
         '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1']

# Moves the pipe's ends to 3 and 4, then becomes the browser.
TAKE_OVER = '''
import fcntl, os, sys
ends = [fcntl.fcntl(int(fd), fcntl.F_DUPFD_CLOEXEC, 10) for fd in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
'''


class Missing(Exception):
    """There is no Chromium here, or it does not start."""


class Chromium:
    def __init__(self):
        program = os.environ.get('INOX_CHROMIUM') or shutil.which('chromium')
        if not program:
            raise Missing('chromium is not installed')
        self.folder = tempfile.mkdtemp(prefix='inox-browser-')
        self.net_log = os.path.join(self.folder, 'net.json')
        self.next_id, self.buffer, self.events = 0, b'', []
        to_child, self.writing = os.pipe()
        self.reading, from_child = os.pipe()
        self.said = open(os.path.join(self.folder, 'said'), 'wb')
        self.process = subprocess.Popen(
            [sys.executable, '-c', TAKE_OVER, str(to_child), str(from_child), program, *FLAGS, f'--user-data-dir={self.folder}/profile',
             f'--log-net-log={self.net_log}', 'about:blank'], pass_fds=(to_child, from_child), stdin=subprocess.DEVNULL, stdout=self.said, stderr=self.said,
            start_new_session=True)
        os.close(to_child)
        os.close(from_child)
        try:
            target = next(t for t in self.call('Target.getTargets')['targetInfos'] if t['type'] == 'page')
            self.session = self.call('Target.attachToTarget', targetId=target['targetId'], flatten=True)['sessionId']
        except (OSError, StopIteration, TimeoutError) as error:
            with open(os.path.join(self.folder, 'said'), errors='replace') as said:
                text = said.read().strip().splitlines()
            self.close()
            raise Missing(f'chromium does not start: {text[-1] if text else error}') from error

    def _message(self, deadline):
        while b'\0' not in self.buffer:
            ready = select.select([self.reading], [], [], max(0, deadline - time.monotonic()))[0]
            if not ready:
                raise TimeoutError(f'chromium gave no answer in {ANSWER_LIMIT_S} s')
            part = os.read(self.reading, 1 << 20)
            if not part:
                raise OSError('chromium has ended')
            self.buffer += part
        text, self.buffer = self.buffer.split(b'\0', 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.next_id += 1
        message = {'id': self.next_id, 'method': method, 'params': parameters}
        if hasattr(self, 'session'):
            message['sessionId'] = self.session
        os.write(self.writing, json.dumps(message).encode() + b'\0')
        deadline = time.monotonic() + ANSWER_LIMIT_S
        while True:
            answer = self._message(deadline)
            if answer.get('id') == self.next_id:
                if 'error' in answer:
                    raise OSError(f'{method}: {answer["error"]}')
                return answer['result']
            self.events.append(answer)

    def wait_for(self, method):
        deadline = time.monotonic() + ANSWER_LIMIT_S
        while not any(e.get('method') == method for e in self.events):
            self.events.append(self._message(deadline))

    def show(self, path, width, height, dark=False):
        """Loads a file in a window of that size, and returns when it is loaded."""
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}])
        self.call('Page.enable')
        self.events.clear()
        self.call('Page.navigate', url='file://' + path)
        self.wait_for('Page.loadEventFired')

    def evaluate(self, expression):
        answer = self.call('Runtime.evaluate', expression=expression, returnByValue=True)
        if 'exceptionDetails' in answer:
            raise OSError(f'script: {answer["exceptionDetails"]}')
        return answer['result'].get('value')

    def screenshot(self, full=True):
        return self.call('Page.captureScreenshot', format='png', captureBeyondViewport=full)['data']

    def requests(self):
        """Ends the browser in order, and returns what its network log has of requests: (URL, who asked) each."""
        del self.session
        self.call('Browser.close')
        self.process.wait(ANSWER_LIMIT_S)
        with open(self.net_log, encoding='utf-8', errors='replace') as file:
            log = json.load(file)
        found = []
        for event in log['events']:
            url = event.get('params', {}).get('url') if isinstance(event.get('params'), dict) else None
            if isinstance(url, str):
                found.append((url, event['params'].get('initiator', '')))
        return found

    def close(self):
        """Ends its own session and removes its folder."""
        for _ in range(100):
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                break
            self.process.poll()
            time.sleep(0.05)
        for fd in (self.reading, self.writing):
            os.close(fd)
        self.said.close()
        for _ in range(50):  # what the session left may still be writing
            shutil.rmtree(self.folder, ignore_errors=True)
            if not os.path.exists(self.folder):
                break
            time.sleep(0.1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
