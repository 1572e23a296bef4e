const answer = await fetch(`http://127.0.0.1:${process.env.FASTIFY_PORT}/health`).catch((error) => ({ ok: false, error }));
process.exit(answer.ok ? 0 : 1);
