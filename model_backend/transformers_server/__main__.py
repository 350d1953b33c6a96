"""`python -m model_backend.transformers_server PATH --family inf|omni …`: started by `asterism model serve`."""

import argparse


def main() -> None:
    """Load and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("--family", choices=["inf", "omni"], required=True)
    parser.add_argument("--quantisation", choices=["", "gptq-4bit", "gptq-8bit", "awq"], default="")
    parser.add_argument("--served-model-name", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--max-model-len", type=int, required=True)
    chosen = parser.parse_args()

    import uvicorn

    from model_backend.transformers_server.app import make_app
    from model_backend.transformers_server.families import load

    family = load(chosen.family, chosen.path, chosen.quantisation)
    uvicorn.run(make_app(family, chosen.served_model_name, chosen.max_model_len), host=chosen.host, port=chosen.port)


if __name__ == "__main__":
    main()
