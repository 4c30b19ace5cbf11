/// What the device's shell runs as root. The shell stays with the agent, so that the device cleans up by itself, however the
/// controller ends: when its input ends it ends the agent, and when the agent has ended it removes the file.
struct AgentScript: Equatable {
    var folder: AgentFolder
    var keepsFile = false

    private var path: String { ShellWord.quoted(folder.agentPath) }

    /// Serves one controller. The token comes with the first line of input, which no list of processes shows. Prints `refused WORDS`
    /// where the agent cannot be run there, else what the agent prints.
    ///
    /// adbd hangs up when its client has gone, which is no reason to leave anything behind. Nothing is printed after that, for
    /// nobody would read it.
    var attended: String {
        """
        exec 3<&0 </dev/null
        trap '' HUP
        \(trial)
        IFS= read -r FAULTLINE_TOKEN <&3 && export FAULTLINE_TOKEN || exit 1
        \(path) serve 3<&- &
        agent=$!
        exec >/dev/null 2>&1
        { IFS= read -r _ <&3; kill $agent; sleep 2; kill -9 $agent; } &
        watch=$!
        wait $agent; status=$?
        kill $watch
        \(tidying)
        exit $status
        """
    }

    /// The same for an agent that nobody attends to. It listens at a port that is known; what it says goes to a file, of which
    /// nothing is left when it has been read.
    func detached(port: UInt16) -> String {
        let serving = """
            \(path) serve --listen 127.0.0.1:\(port) >\(log) 2>&1 </dev/null
            \(tidying)
            """
        return """
            exec 3<&0 </dev/null
            \(trial)
            IFS= read -r FAULTLINE_TOKEN <&3 && export FAULTLINE_TOKEN || exit 1
            : >\(log)
            setsid sh -c \(ShellWord.quoted(serving)) >/dev/null 2>&1 3<&- &
            said='' tries=0
            until [ -n "$said" ] || [ $tries -eq 50 ]; do
                sleep 0.1; tries=$((tries + 1)); said=$(cat \(log))
            done
            rm -f \(log)
            echo "$said"
            """
    }

    /// Puts the file there, where adb may not write; it comes as input. A file that is being run can only be replaced.
    var storing: String {
        "umask 077; cat >\(path).new && chmod 700 \(path).new && mv \(path).new \(path) || { rm -f \(path).new; exit 1; }"
    }

    var removing: String { "rm -f \(path)" }

    /// Whether it can be run at all.
    private var trial: String { "why=$(\(path) version 2>&1) || { echo \"refused $why\"; exit 126; }" }

    /// Where another agent still runs, its shell removes the file. This one's helper may need a moment to end.
    private var tidying: String {
        if keepsFile { return ":" }
        return """
            for i in 1 2 3 4 5 6 7 8 9 10; do pidof \(AgentFolder.agentName) || break; sleep 0.1; done >/dev/null 2>&1
            pidof \(AgentFolder.agentName) >/dev/null 2>&1 || rm -f \(path)
            """
    }

    private var log: String { ShellWord.quoted(folder.agentPath + ".log") }
}
