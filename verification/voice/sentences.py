"""The sentences of our calls: in the words that machines' voices read out, and as recordings to make."""

from collections.abc import Mapping

READ_OUT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "greeting": "Hello. This is an automated call from {store}. "
        "You placed an order with us, to be paid on delivery.",
        "welcome": "Hello, and thank you for calling {store}. "
        "You have an order with us, to be paid on delivery.",
        "nothing_open": "Hello, and thank you for calling {store}. "
        "No order of yours is waiting for an answer. For one of us to call you, press 0.",
        "several": "You have several orders. Your answer holds for all of them.",
        "order": "Order number: {number}. The amount is {amount}.",
        "order_unnumbered": "The amount is {amount}.",
        "order_number": "Your order number is",
        "amount": "The amount in the money of your country, figure by figure, is",
        "point": "point",
        "keys": "To confirm, press 1. To cancel, press 2. For a call at another time, press 3. "
        "For one of us to call you, press 0. To hear this again, press 9.",
        "not_understood": "Sorry, we did not understand that.",
        "silent": "Sorry, we did not hear you.",
        "confirm": "Thank you. You have confirmed. Goodbye.",
        "cancel": "Thank you. You have cancelled. Goodbye.",
        "later": "Thank you. We will call you at another time. Goodbye.",
        "agent": "Thank you. One of us will call you. Goodbye.",
        "stop": "We will not call you like this again. Goodbye.",
        "wrong_number": "Sorry for the trouble. We will not call you about this order again. Goodbye.",
        "goodbye": "We have not had your answer, and will be in touch again. Goodbye.",
        "consent": "This call can be recorded, to keep what is agreed. "
        "If you allow it, press 1. If you do not, just stay on the line.",
        "unknown_caller": "Hello. This line confirms orders for online shops before they are sent. "
        "There is no order under the number that you are calling from. Goodbye.",
        "agent_ready": "A call for {store}. Press any key to be connected to the buyer.",
        "agent_too_late": "This call cannot be made any more. Please look at your desk.",
        "buyer_busy": "The line is busy.",
        "buyer_no_answer": "Nobody answered.",
        "buyer_failed": "The call did not get through.",
    },
    "ar": {
        "greeting": "السلام عليكم. هذه مكالمة آلية من {store}. لديك طلب عندنا، والدفع عند الاستلام.",
        "welcome": "السلام عليكم، وشكراً لاتصالك. معك {store}. لديك طلب عندنا، والدفع عند الاستلام.",
        "nothing_open": "السلام عليكم، وشكراً لاتصالك. معك {store}. لا يوجد لديك طلب ينتظر الرد. "
        "ليتصل بك أحد موظفينا، اضغط صفر.",
        "several": "لديك أكثر من طلب، وجوابك يشملها كلها.",
        "order": "رقم الطلب: {number}. المبلغ: {amount}.",
        "order_unnumbered": "المبلغ: {amount}.",
        "order_number": "رقم طلبك هو",
        "amount": "المبلغ بعملة بلدك، رقماً رقماً، هو",
        "point": "فاصلة",
        "keys": "للتأكيد، اضغط واحد. للإلغاء، اضغط اثنين. للاتصال في وقت آخر، اضغط ثلاثة. "
        "ليتصل بك أحد موظفينا، اضغط صفر. للإعادة، اضغط تسعة.",
        "not_understood": "عذراً، لم نفهم جوابك.",
        "silent": "عذراً، لم نسمع جوابك.",
        "confirm": "شكراً لك. تم تأكيد طلبك من جانبك. مع السلامة.",
        "cancel": "شكراً لك. تم تسجيل إلغائك للطلب. مع السلامة.",
        "later": "شكراً لك. سنتصل بك في وقت آخر. مع السلامة.",
        "agent": "شكراً لك. سيتصل بك أحد موظفينا. مع السلامة.",
        "stop": "لن نتصل بك بهذه الطريقة مرة أخرى. مع السلامة.",
        "wrong_number": "نعتذر عن الإزعاج. لن نتصل بك بشأن هذا الطلب مرة أخرى. مع السلامة.",
        "goodbye": "لم يصلنا جوابك، وسنتواصل معك مرة أخرى. مع السلامة.",
        "consent": "يمكن تسجيل هذه المكالمة لحفظ ما يتم الاتفاق عليه. "
        "إذا كنت موافقاً، اضغط واحد. وإذا لم توافق، فابق على الخط.",
        "unknown_caller": "السلام عليكم. هذا الخط لتأكيد طلبات المتاجر الإلكترونية قبل إرسالها. "
        "لا يوجد طلب بالرقم الذي تتصل منه. مع السلامة.",
        "agent_ready": "مكالمة لـ {store}. اضغط أي رقم لتوصيلك بالمشتري.",
        "agent_too_late": "لم يعد إجراء هذه المكالمة ممكناً. راجع شاشتك من فضلك.",
        "buyer_busy": "الخط مشغول.",
        "buyer_no_answer": "لم يرد أحد.",
        "buyer_failed": "لم تصل المكالمة.",
    },
}
"""By language and name; `{store}`, `{number}` and `{amount}` are filled in."""

DIGITS: Mapping[str, tuple[str, ...]] = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "ar": ("صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"),
}
"""The digits as a row of them is read out."""

RECORDED: tuple[str, ...] = (
    "greeting",
    "welcome",
    "nothing_open",
    "several",
    "order_number",
    "amount",
    "point",
    *(f"digit_{digit}" for digit in range(10)),
    "keys",
    "not_understood",
    "silent",
    "confirm",
    "cancel",
    "later",
    "agent",
    "goodbye",
    "consent",
)
"""What somebody must record before we call in a language that no machine speaks: all of it."""
