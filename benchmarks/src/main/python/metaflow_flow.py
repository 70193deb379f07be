"""Five steps that do nothing but count, as Metaflow has them: the peer of FiveSteps."""

from metaflow import FlowSpec, step


class FiveSteps(FlowSpec):
    @step
    def start(self):
        self.count = 1
        self.next(self.two)

    @step
    def two(self):
        self.count += 1
        self.next(self.three)

    @step
    def three(self):
        self.count += 1
        self.next(self.four)

    @step
    def four(self):
        self.count += 1
        self.next(self.end)

    @step
    def end(self):
        self.count += 1
        print("count", self.count)


if __name__ == "__main__":
    FiveSteps()
