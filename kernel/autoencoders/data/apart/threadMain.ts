/** A thread that does tasks, one after another. */
import { parentPort } from 'node:worker_threads';
import { answer, type Question } from './tasks';

const port = parentPort!;
port.on('message', (question: Question) => {
  void answer(question).then((result) => port.postMessage(result.answer, result.moved));
});
