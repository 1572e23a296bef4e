import { parentPort, workerData } from 'node:worker_threads';
import native from '#native';
parentPort.postMessage(String(native.fib(workerData)));
