// Runs the SQS server on loopback: node sqs.mjs <folder with node_modules> <port> <file that keeps the queues>.
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { receiveWholeGroups } from "./groups.mjs";
import { Journal } from "./journal.mjs";
import { wakeSparingly } from "./waiters.mjs";

const [folder, port, kept] = process.argv.slice(2);
const fauxqs = (file) => import(pathToFileURL(join(folder, "node_modules/fauxqs/dist", file)));
const { buildApp } = await fauxqs("app.js");
const { SqsQueue, SqsStore } = await fauxqs("sqs/sqsStore.js");
const { SnsStore } = await fauxqs("sns/snsStore.js");
const { S3Store } = await fauxqs("s3/s3Store.js");
const { INVALID_MESSAGE_BODY_CHAR } = await fauxqs("sqs/sqsTypes.js");

// The server takes each half of a character beyond U+FFFF for an invalid one and
// would refuse names that AWS accepts: compare whole characters instead.
const invalid = /[^\u{9}\u{A}\u{D}\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
INVALID_MESSAGE_BODY_CHAR.test = (text) => invalid.test(text);

// A queue is found by its name, whatever address its URL gives: a function in a
// container reaches this server by another one than a function beside it.
const sqsStore = new SqsStore();
sqsStore.host = ""; // URLs hold the address that was called
sqsStore.getQueue = (url) => sqsStore.getQueueByName(String(url).split("/").pop());

receiveWholeGroups(SqsQueue);
wakeSparingly(SqsQueue);
const journal = new Journal(kept);
journal.keep(sqsStore, SqsQueue, (name) => `http://127.0.0.1:${port}/000000000000/${name}`);
if (journal.unreadable > 0) console.error(`${journal.unreadable} lines of ${kept} could not be read and were left out.`);

// Its own start function listens on every interface.
const stores = { sqsStore, snsStore: new SnsStore(), s3Store: new S3Store() };
const app = buildApp({ logger: false, stores });
// Pages in a browser may call it too, wherever they come from.
app.addHook("onRequest", async (request, reply) => {
  if (request.headers.origin) return reply.code(403).send("not for pages");
});
await app.listen({ host: "127.0.0.1", port: Number(port) });
console.log(`SQS listening on http://127.0.0.1:${port}`);

const stop = () => app.close().finally(() => process.exit(0));
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
// Standard input closes when the stack is gone, however it went.
process.stdin.on("end", () => process.exit(0));
process.stdin.resume();
