// A room a conversation, an insert a message: the same chat on socket.io.

const { createServer } = require("node:http");
const { Pool } = require("pg");
const { Server } = require("socket.io");

const [port, database] = process.argv.slice(2);
const INSERT =
  "INSERT INTO tutorial_message (room, author, text, sent_at)" +
  " VALUES ($1, $2, $3, now()) RETURNING id";

const pool = new Pool({ connectionString: database, max: 10 });
const http = createServer((_request, response) => response.writeHead(404).end());
const io = new Server(http, { transports: ["websocket"] });

io.on("connection", (socket) => {
  socket.on("join", (rooms) => socket.join(rooms));
  socket.on("say", async (said, acknowledge) => {
    const values = [said.room, said.author, said.text];
    const { rows } = await pool.query({ name: "say", text: INSERT, values });
    io.to(said.room).emit("said", { id: rows[0].id, ...said });
    acknowledge();
  });
});

http.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
