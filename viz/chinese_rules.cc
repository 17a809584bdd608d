// The rules by which releases differ: core/rules.cc.
#include "viz/chinese.h"

namespace linger::viz {
namespace {

constexpr ChineseRow kRuleRows[] = {
    {"Once one partition of a node is ready, a batch of every partition of that node is drained, "
     "full or not.",
     "一个分区就绪，就从该节点的每个分区各取出一个批次，满不满都取。"},
    {"request.timeout.ms bounds the wait for an answer and in the accumulator; a full pool blocks "
     "send() for max.block.ms at most.",
     "request.timeout.ms 限制等待响应以及在累加器中等待的时间；缓冲池耗尽时 send() 最多阻塞 "
     "max.block.ms。"},
    {"With one request in flight a partition is muted until its batch is answered, also when its "
     "leader moves.",
     "只允许一个在途请求时，分区被静音直到批次得到响应，即使 leader 迁移。"},
    {"A send() that gives up waiting for memory leaves the line, and no longer blocks those behind "
     "it.",
     "放弃等待内存的 send() 离开等待队列，不再堵住后面的线程。"},
    {"A batch expires by one of three clocks, from its last append, its creation plus linger, or "
     "its last attempt plus backoff; from 0.10.1 the error says which.",
     "批次按三个时钟之一过期：最后一次追加、创建加 linger、最后一次尝试加退避；自 0.10.1 "
     "起错误会说明是哪一个。"},
    {"Each topic has a counter of its own for records without a key, so that topics do not skew "
     "each other's round robin.",
     "每个主题对无键记录有自己的计数器，各主题的轮询互不影响。"},
    {"Record batches of format 2; producer ids, epochs and sequence numbers; transactions. A "
     "forced close fails batches with KafkaException.",
     "第 2 版记录批次格式；生产者 ID、epoch 与序列号；事务。强制关闭使批次以 KafkaException "
     "失败。"},
    {"Records carry headers.", "记录带有消息头。"},
    {"A batch the broker finds too large is split and sent again; the compression ratio is "
     "estimated per topic, from 1.0 down.",
     "broker 认为太大的批次被拆分后重发；压缩率按主题估算，从 1.0 往下。"},
    {"Snappy compresses blocks of 32 KiB; before, of 1 KiB, which made larger batches.",
     "Snappy 按 32 KiB 的块压缩；之前是 1 KiB，批次因此更大。"},
    {"The wait before reconnecting doubles from reconnect.backoff.ms to reconnect.backoff.max.ms.",
     "重连前的等待从 reconnect.backoff.ms 翻倍增长到 reconnect.backoff.max.ms。"},
    {"A send() that gives up waiting returns what it had gathered to the pool and wakes the next "
     "in line.",
     "放弃等待的 send() 把已攒到的内存归还缓冲池，并唤醒队列中的下一个。"},
    {"An append that fails after it got a buffer returns it to the pool.",
     "取得缓冲区后失败的追加会把它归还缓冲池。"},
    {"An idempotent producer may have five requests in flight, not one: retries go back into the "
     "deque in sequence order.",
     "幂等生产者可以有五个在途请求，而不是一个：重试按序列号顺序放回队列。"},
    {"An answer for a batch that was aborted or failed meanwhile is ignored, and its memory freed "
     "once only.",
     "批次已中止或失败后才到的响应被忽略，内存只释放一次。"},
    {"A broker that refuses a client says so, and whoever waits for metadata, or for that broker, "
     "gets its AuthenticationException; before, the connection was merely lost.",
     "拒绝客户端的 broker 会说明，等待元数据或该 broker 的都得到 "
     "AuthenticationException；之前只是连接断开。"},
    {"A broker over its quota answers at once, and the client holds back for the throttle time; "
     "before, the answer came late.",
     "超出配额的 broker 立即响应，由客户端按限流时间自行停发；之前是响应晚到。"},
    {"send() after close() is refused at once, and a wait for metadata ends when the producer is "
     "closed.",
     "close() 之后的 send() 立即被拒；生产者关闭时，对元数据的等待随之结束。"},
    {"delivery.timeout.ms bounds a batch from its creation, waiting or in flight; retries default "
     "to no limit; a drain that stops goes on behind the partition it stopped at.",
     "delivery.timeout.ms "
     "从批次创建起限制它，无论等待还是在途；重试次数默认不限；中断的取出从停下的分区之后继续。"},
    {"send() to a partition the metadata lacks waits for it, up to max.block.ms, instead of "
     "failing after one refresh.",
     "向元数据里没有的分区 send() 会等它出现，最多 max.block.ms，而不是刷新一次就失败。"},
    {"Metadata remembers each partition's leader epoch and does not go back to an older leader.",
     "元数据记住各分区的 leader epoch，不会退回更旧的 leader。"},
    {"close() lets a commit or abort under way finish, and aborts a transaction left open.",
     "close() 等正在进行的提交或中止完成，并中止未结束的事务。"},
    {"Records without a key stick to one partition until its batch is complete; send() asks the "
     "partitioner again when a new batch would be needed.",
     "无键记录粘住一个分区，直到它的批次完成；需要新批次时 send() 再问一次分区器。"},
    {"close() also ends the waits for memory.", "close() 也会结束对内存的等待。"},
    {"A new topic is asked for alone, not with all others; metadata.max.idle.ms says when an "
     "unused one is forgotten.",
     "新主题单独请求，不带上其他主题；metadata.max.idle.ms 决定不用的主题何时忘掉。"},
    {"After a sequence it cannot resolve the producer raises its own epoch and starts again at 0, "
     "instead of failing or taking a new id.",
     "遇到无法解决的序列号，生产者提高自己的 epoch 并从 0 重新开始，而不是失败或换新 ID。"},
    {"A poll reads one answer of a connection and leaves the next in the socket; before, all that "
     "had arrived was read ahead and handed out one a poll, also after the connection was lost.",
     "一次 poll 只读一个连接的一个响应，其余留在套接字；之前把已到的全部读入，每次 poll "
     "交出一个，连接断开后也如此。"},
    {"Waiting for memory in vain is a BufferExhaustedException with a metric of its own; before, a "
     "plain TimeoutException.",
     "等不到内存抛出 BufferExhaustedException，并有自己的指标；之前是普通的 TimeoutException。"},
    {"A connection attempt is given up after 10 s, doubling to 30 s; before, when the system's SYN "
     "retries ended.",
     "一次连接尝试 10 秒后放弃，翻倍增长到 30 秒；之前要等系统的 SYN 重试结束。"},
    {"PRODUCER_FENCED means a newer producer, INVALID_PRODUCER_EPOCH an old epoch from which the "
     "producer can recover.",
     "PRODUCER_FENCED 表示有更新的生产者，INVALID_PRODUCER_EPOCH 表示旧 epoch，生产者可以恢复。"},
    {"An epoch bump also restarts the sequences of partitions that had nothing in flight.",
     "提高 epoch 时，没有在途内容的分区也重新开始序列号。"},
    {"What a lost connection failed says which node was lost; before, only that one was.",
     "因连接断开而失败时会说明断开的是哪个节点；之前只说有一个断开。"},
    {"The partitions of an answer are handled in its order; before, in that of a hash map.",
     "响应中的分区按其顺序处理；之前按哈希表的顺序。"},
    {"Completing a transaction no longer counts as a flush that never ends, which had made "
     "linger.ms void from then on.",
     "结束事务不再算作永不结束的刷写；之前 linger.ms 从此失效。"},
    {"A topic with another id is another topic, however low its leader epochs; before, one that "
     "was deleted and created again was not believed until its epochs had caught up.",
     "ID 不同就是另一个主题，无论 leader epoch 多低；之前删除后重建的主题要等 epoch "
     "追上才被相信。"},
    {"acks defaults to all and enable.idempotence to true.",
     "acks 默认为 all，enable.idempotence 默认为 true。"},
    {"Where the broker names the records at fault, they alone get its message, and the rest of the "
     "batch another.",
     "broker 指出有错的记录时，只有它们得到该消息，批次中其余的得到另一条。"},
    {"flush() keeps the results it waits for, and no longer the batches with their memory.",
     "flush() 只保留所等待的结果，不再保留批次及其内存。"},
    {"The default of enable.idempotence takes effect; settings that contradict it switch it off "
     "again, unless it was written down.",
     "enable.idempotence 的默认值真正生效；与它矛盾的配置会把它关掉，除非它是明确写出的。"},
    {"A connection counts as being set up until its ApiVersions request can be sent, so that the "
     "set-up timeout covers a channel that never gets ready.",
     "连接在能发送 ApiVersions 请求之前都算在建立中，建立超时因此也覆盖始终未就绪的通道。"},
    {"What is in flight for a partition is told apart by the batch; before, two batches with one "
     "base sequence, of an old epoch and a new one, were taken for the same.",
     "分区的在途内容按批次区分；之前新旧 epoch 下基础序列号相同的两个批次会被当成同一个。"},
    {"While a connection is set up the sender sleeps no longer than its set-up timeout; before, "
     "until something happened.",
     "建立连接期间，发送线程的休眠不超过建立超时；之前一直睡到有事发生。"},
    {"send() looks at the state of the transaction after the append, so that a refused record may "
     "already sit in a batch; initTransactions() can be repeated after a timeout.",
     "send() 在追加之后才检查事务状态，被拒的记录可能已在批次里；initTransactions() "
     "超时后可以重复。"},
    {"A record that fails inside send() makes its transaction fail; before, the commit went "
     "through without it.",
     "在 send() 内失败的记录使事务失败；之前提交会漏掉它照样成功。"},
    {"A negative answer of a custom partitioner is refused in send().",
     "自定义分区器给出负数时，send() 予以拒绝。"},
    {"Without partitioner.class the accumulator chooses: it sticks for batch.size bytes, not for a "
     "batch, and may prefer partitions with short queues.",
     "没有 partitioner.class 时由累加器选择：粘住 batch.size "
     "字节，而不是一个批次，并可偏向队列短的分区。"},
    {"The switch to another partition waits until the open batch is full or drained, up to twice "
     "batch.size.",
     "切换分区要等开着的批次装满或被取出，最多到两倍 batch.size。"},
    {"Each node has its own place to go on draining from, the partition that did not fit; before, "
     "all shared one.",
     "每个节点各有继续取出的位置，即放不下的那个分区；之前所有节点共用一个。"},
    {"The reconnect backoff is reset once a connection is ready; before, as soon as TCP stood, so "
     "that a failing handshake was repeated without growing pauses.",
     "连接就绪后才重置重连退避；之前 TCP 一建立就重置，失败的握手会以不变的间隔重复。"},
    {"batch.size 0 is taken as 1.", "batch.size 为 0 时当作 1。"},
    {"A request to a coordinator is repeated after any error that can be retried; before, after "
     "those the client had thought of, and others were fatal. Differs: of offsets from 3.8.0 on.",
     "对协调者的请求遇到任何可重试的错误都会重复；之前只限客户端想到的那些，其他都是致命的。不同之"
     "处：位移请求从 3.8.0 起。"},
    {"A request without an answer in time fails its batches with REQUEST_TIMED_OUT; before, with "
     "NETWORK_EXCEPTION.",
     "未及时得到响应的请求使批次以 REQUEST_TIMED_OUT 失败；之前是 NETWORK_EXCEPTION。"},
    {"A producer that was not allowed to get a producer id asks again, instead of staying in a "
     "fatal state.",
     "无权取得生产者 ID 的生产者会再次请求，而不是停在致命状态。"},
    {"Every request of a transaction takes an old epoch as having been fenced, and an invalid "
     "state as fatal; before, offsets and partitions had ways of their own.",
     "事务的每种请求都把旧 epoch 视为被隔离，把无效状态视为致命；之前位移和分区各有做法。"},
    {"The transaction manager hears of a failed batch after the callbacks, and once; before, ahead "
     "of them, and again when an expired batch is answered late. A change of state that may not be "
     "is fatal if the sender's thread tries it.",
     "事务管理器在回调之后得知失败的批次，且只一次；之前在回调之前，过期批次迟到的响应还会再说一次"
     "。发送线程尝试不允许的状态变更是致命的。"},
    {"A retry does not wait for its backoff once a newer leader is known.",
     "已知更新的 leader 时，重试不再等退避。"},
    {"A broker that is not the leader says in its answer who is.",
     "不是 leader 的 broker 在响应里说明谁是。"},
    {"The retry backoff doubles from retry.backoff.ms to retry.backoff.max.ms, with jitter; a "
     "maximum limits backoffs after their jitter, not before it.",
     "重试退避从 retry.backoff.ms 翻倍增长到 "
     "retry.backoff.max.ms，并带抖动；上限作用在抖动之后，而不是之前。"},
    {"A host resolved anew is not tried at the address that was tried last, if it has another.",
     "重新解析的主机若有别的地址，就不再试上次试过的地址。"},
    {"The time a connection is throttled does not count toward the timeout of its requests.",
     "连接被限流的时间不计入请求的超时。"},
    {"With metadata.recovery.strategy=rebootstrap a client that knows no reachable broker begins "
     "again with bootstrap.servers.",
     "metadata.recovery.strategy=rebootstrap 时，一个 broker 都连不上的客户端从 bootstrap.servers "
     "重新开始。"},
    {"The broker can ask for an abort with TRANSACTION_ABORTABLE. Differs: the first part only; "
     "later releases bump the epoch in every transaction.",
     "broker 可以用 TRANSACTION_ABORTABLE "
     "要求中止。不同之处：只有第一部分；后来的版本每个事务都提高 epoch。"},
    {"A timeout while waiting for metadata carries the topic's last error as its cause.",
     "等待元数据的超时把该主题最后的错误作为原因。"},
    {"The buffer of a batch that expires in flight stays out of the pool until its request is "
     "answered; before, other records could be written over what was being sent.",
     "在途过期的批次，其缓冲区到请求得到响应后才回缓冲池；之前别的记录可能覆盖正在发送的内容。"},
    {"linger.ms defaults to 5.", "linger.ms 默认为 5。"},
    {"RoundRobinPartitioner gives the same answer when asked again for a new batch; before, it "
     "skipped a partition.",
     "RoundRobinPartitioner 因新批次被再次询问时给出同样的答案；之前会跳过一个分区。"},
    {"A split batch that is refused again is split to half its size; before, to batch.size again "
     "and again.",
     "再次被拒的拆分批次拆成一半大小；之前一再拆成 batch.size。"},
};

}  // namespace

std::span<const ChineseRow> chinese_of_rules() {
  return kRuleRows;
}

}  // namespace linger::viz
