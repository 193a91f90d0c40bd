"""Three steps of PyTorch's optimizers on one parameter, by the loss θ²/2 from θ = 1, at rate 0.1.

    pip install torch
    python tools/reference/optimizers.py

Prints the rows of PYTORCH in src/train/recipe/optimizer.rs.
"""
import torch

for make in (
    lambda p: torch.optim.Adam(p, lr=0.1),
    lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.1),
    lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.2),
):
    theta = torch.nn.Parameter(torch.ones(1))
    optimizer = make([theta])
    steps = []
    for _ in range(3):
        optimizer.zero_grad()
        (theta**2 / 2).sum().backward()
        optimizer.step()
        steps.append(str(round(theta.item(), 7)))
    print(f"[{', '.join(steps)}],")
