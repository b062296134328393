import Sparekey
import Testing

@testable import SparekeyServer

@Suite("Metrics")
struct MetricTests {
    @Test("a family is written as the text format wants it")
    func text() {
        let metric = Metric(
            "sparekey_things_total", .counter, help: "Back\\slash\nand line.",
            samples: [.init(3, labels: [("kind", "a\"b\\c\nd"), ("status", "200")]), .init(0.5)])
        #expect(
            metric.text == """
                # HELP sparekey_things_total Back\\\\slash\\nand line.
                # TYPE sparekey_things_total counter
                sparekey_things_total{kind="a\\"b\\\\c\\nd",status="200"} 3
                sparekey_things_total 0.5

                """)
    }

    @Test("the process tells what it costs")
    func process() throws {
        let figures = ProcessFigures(startedAt: .init(microseconds: 1_500_000)).metrics
        let values = Dictionary(uniqueKeysWithValues: figures.map { ($0.name, $0.samples[0].value) })
        #expect(values["process_start_time_seconds"] == 1.5)
        #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(values["process_cpu_seconds_total"]) > 0)
        #expect(try #require(values["process_open_fds"]) >= 3)
    }

    @Test("what others add stands beside the server's own")
    func sources() async {
        let source = MetricsSource { [Metric("sparekey_hash_queue", .gauge, help: "Waiting.", value: 7)] }
        let all = await ServerMetrics(sources: [source]).all(connections: 2).map(\.text).joined()
        #expect(all.contains("\nsparekey_hash_queue 7\n"))
        #expect(all.contains("\nsparekey_connections_open 2\n"))
    }
}
