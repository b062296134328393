/// Jobs in the order of their arrival, from which one may step out at any place: each in constant time.
struct WaitingLine {
    private var jobs: [UInt64: HashJob] = [:]
    /// Tickets as they came, those that stepped out included until their turn.
    private var tickets: [UInt64] = []
    private var head = 0

    var count: Int { jobs.count }

    /// What the waiting jobs will take of one thread's time, as expected when they came.
    private(set) var work: Duration = .zero

    mutating func append(_ job: HashJob, ticket: UInt64) {
        tickets.append(ticket)
        jobs[ticket] = job
        work += job.expected
    }

    mutating func next() -> HashJob? {
        while head < tickets.count {
            let ticket = tickets[head]
            head += 1
            if let job = remove(ticket) {
                dropServed()
                return job
            }
        }
        dropServed()
        return nil
    }

    mutating func remove(_ ticket: UInt64) -> HashJob? {
        guard let job = jobs.removeValue(forKey: ticket) else { return nil }
        work -= job.expected
        return job
    }

    mutating func removeAll() -> [HashJob] {
        var all: [HashJob] = []
        while let job = next() { all.append(job) }
        return all
    }

    private mutating func dropServed() {
        guard head == tickets.count || head >= 1024 else { return }
        tickets.removeFirst(head)
        head = 0
    }
}
