// An S3 server for tests (fauxqs), on a free port of loopback alone, in memory; prints the port, and ends with its standard input.
import { register } from "node:module";
import net from "node:net";

// It binds to all interfaces and has no option for less.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (options, ...rest) {
  return listen.call(this, { ...options, host: "127.0.0.1" }, ...rest);
};

// What it keeps on disk, if asked, it keeps with a module that only Node 22 has; nobody asks here.
const withoutSqlite = `export const resolve = (specifier, context, next) =>
  specifier === "node:sqlite" ? { url: "data:text/javascript,export class DatabaseSync {}", shortCircuit: true } : next(specifier, context);`;
register("data:text/javascript," + encodeURIComponent(withoutSqlite));

const { startFauxqs } = await import("fauxqs");
const server = await startFauxqs({ port: 0, logger: false });
console.log(server.port);
process.stdin.on("end", () => process.exit(0)).resume();
