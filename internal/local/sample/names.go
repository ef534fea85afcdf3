package sample

// The lists of names are most frequent first, after the order (not the counts) of the Office for National
// Statistics' "Baby Names, England and Wales: historical data" (top hundred of 1944, 1954, … 1994) for first
// names, and of the surname tables made from the 1991 and 2001 electoral rolls and censuses for last names. The
// frequencies are modelled by rank, see ranked; they are right in their shape, not to the per cent.

// generation is the first names of people born up to, not including, a year.
type generation struct {
	before     int
	women, men []string
}

var generations = []generation{
	{1963,
		[]string{"Susan", "Margaret", "Christine", "Patricia", "Janet", "Ann", "Linda", "Jean", "Carol", "Mary", "Elizabeth",
			"Barbara", "Jennifer", "Jacqueline", "Sandra", "Pamela", "Judith", "Anne", "Gillian", "Helen", "Catherine", "Hilary",
			"Kathleen", "Maureen", "Valerie", "Sheila", "Jane", "Lesley", "Rosemary", "Diane", "Wendy", "Marion", "Frances",
			"Heather", "Dorothy", "Brenda", "Eileen", "Joan", "Beryl", "Katherine", "Penelope", "Philippa", "Glenys", "Marjorie"},
		[]string{"David", "John", "Peter", "Michael", "Alan", "Robert", "Stephen", "Paul", "Brian", "Graham", "Anthony", "Philip",
			"Christopher", "Keith", "Roger", "Ian", "Richard", "Kenneth", "Geoffrey", "Martin", "Terence", "Colin", "William",
			"Derek", "Trevor", "Barry", "Malcolm", "Raymond", "Nigel", "Roy", "Dennis", "James", "George", "Thomas", "Clive",
			"Ronald", "Leslie", "Timothy", "Andrew", "Gordon", "Frederick", "Hugh", "Edward", "Neville"}},
	{1980,
		[]string{"Susan", "Julie", "Karen", "Jacqueline", "Deborah", "Tracey", "Jane", "Helen", "Diane", "Sharon", "Sarah", "Nicola",
			"Alison", "Joanne", "Claire", "Lisa", "Michelle", "Amanda", "Rachel", "Catherine", "Elizabeth", "Louise", "Emma",
			"Angela", "Samantha", "Jennifer", "Caroline", "Rebecca", "Andrea", "Melanie", "Donna", "Dawn", "Ruth", "Heather",
			"Katherine", "Fiona", "Tina", "Wendy", "Lorraine", "Beverley", "Sally", "Anna", "Suzanne", "Zoë", "Siân", "Vanessa",
			"Kate", "Paula", "Jo", "Maria"},
		[]string{"Paul", "David", "Andrew", "Mark", "Stephen", "Michael", "Ian", "Gary", "Robert", "Richard", "Peter", "John", "Anthony",
			"Christopher", "Simon", "Darren", "Martin", "Kevin", "Philip", "Neil", "Jason", "Matthew", "James", "Lee", "Jonathan",
			"Stuart", "Nicholas", "Timothy", "Adrian", "Alan", "Craig", "Daniel", "Steven", "Graham", "Wayne", "Nigel", "Colin",
			"Carl", "Dean", "Gareth", "Justin", "Julian", "Russell", "Tony", "Duncan", "Rhys", "Gavin"}},
	{1992,
		[]string{"Sarah", "Laura", "Gemma", "Emma", "Rebecca", "Claire", "Victoria", "Samantha", "Rachel", "Amy", "Jennifer", "Nicola",
			"Katie", "Lisa", "Kelly", "Natalie", "Louise", "Michelle", "Hayley", "Hannah", "Helen", "Charlotte", "Joanne", "Lucy",
			"Elizabeth", "Leanne", "Danielle", "Donna", "Katherine", "Clare", "Stephanie", "Stacey", "Lauren", "Jodie", "Jane",
			"Kirsty", "Catherine", "Sarah Jane", "Kathryn", "Melissa", "Jessica", "Kate", "Anna", "Zoe", "Carly", "Naomi", "Chloé",
			"Bethan", "Anne-Marie", "Frances"},
		[]string{"Christopher", "James", "David", "Daniel", "Michael", "Matthew", "Andrew", "Richard", "Paul", "Mark", "Thomas", "Adam",
			"Robert", "John", "Lee", "Benjamin", "Steven", "Jonathan", "Craig", "Stephen", "Simon", "Nicholas", "Peter", "Anthony",
			"Alexander", "Gary", "Ian", "Ryan", "Darren", "Barry", "Philip", "Stuart", "Gareth", "Luke", "Joseph", "Samuel", "Neil",
			"Edward", "Kevin", "Ben", "Oliver", "Timothy", "Dean", "Carl", "Martin", "Rhys", "Owain"}},
	{9999,
		[]string{"Rebecca", "Lauren", "Jessica", "Charlotte", "Hannah", "Sophie", "Amy", "Emily", "Laura", "Emma", "Chloe", "Sarah",
			"Lucy", "Katie", "Bethany", "Jade", "Megan", "Alice", "Rachel", "Samantha", "Danielle", "Holly", "Abigail", "Olivia",
			"Stephanie", "Elizabeth", "Victoria", "Georgia", "Natalie", "Jennifer", "Gemma", "Zoë", "Eleanor", "Molly", "Ellie",
			"Paige", "Louise", "Leah", "Georgina", "Natasha", "Heather", "Anna", "Shannon", "Francesca", "Caitlin", "Ffion", "Naomi",
			"Grace", "Renée", "Imogen"},
		[]string{"Thomas", "James", "Jack", "Daniel", "Matthew", "Ryan", "Joshua", "Luke", "Samuel", "Jordan", "Adam", "Michael",
			"Alexander", "Christopher", "Benjamin", "Joseph", "Liam", "Jake", "William", "Andrew", "George", "Lewis", "Oliver",
			"David", "Robert", "Jamie", "Nathan", "Connor", "Jonathan", "Harry", "Charles", "Callum", "Aaron", "Ashley", "Bradley",
			"Jacob", "Kieran", "Scott", "Sam", "John", "Ben", "Edward", "Dominic", "Peter", "Kyle", "Rhys", "Iestyn", "Toby"}},
}

var lastNames = []string{"Smith", "Jones", "Williams", "Taylor", "Brown", "Davies", "Evans", "Wilson", "Thomas", "Roberts", "Johnson",
	"Lewis", "Walker", "Robinson", "Wood", "Thompson", "White", "Watson", "Jackson", "Wright", "Green", "Harris", "Cooper",
	"King", "Lee", "Martin", "Clarke", "James", "Morgan", "Hughes", "Edwards", "Hill", "Moore", "Clark", "Harrison", "Scott",
	"Young", "Morris", "Hall", "Ward", "Turner", "Carter", "Phillips", "Mitchell", "Patel", "Adams", "Campbell", "Anderson",
	"Allen", "Cook", "Bailey", "Parker", "Miller", "Davis", "Murphy", "Price", "Bell", "Baker", "Griffiths", "Kelly", "Simpson",
	"Marshall", "Collins", "Bennett", "Cox", "Richardson", "Fox", "Gray", "Rose", "Chapman", "Hunt", "Robertson", "Shaw",
	"Reynolds", "Lloyd", "Ellis", "Richards", "Russell", "Wilkinson", "Khan", "Graham", "Stewart", "Reid", "Murray", "Powell",
	"Palmer", "Holmes", "Rogers", "Stevens", "Walsh", "Hunter", "Thomson", "Matthews", "Ross", "Owen", "Mason", "Knight",
	"Kennedy", "Butler", "Saunders", "Cole", "Pearce", "Dean", "Foster", "Harvey", "Hudson", "Gibson", "Mills", "Berry",
	"Barnes", "Pearson", "Kaur", "Booth", "Dixon", "Grant", "Gordon", "Lane", "Harper", "Ali", "Hart", "Mcdonald", "Brooks",
	"Ryan", "Carr", "Macdonald", "Hamilton", "Johnston", "West", "Gill", "Dawson", "Armstrong", "Gardner", "Stone", "Andrews",
	"Williamson", "Barker", "George", "Fisher", "Cunningham", "Watts", "Webb", "Lawrence", "Bradley", "Jenkins", "Wells",
	"Chambers", "Spencer", "Poole", "Atkinson", "Lawson", "Day", "Woods", "Rees", "Fraser", "Black", "Fletcher", "Hussain",
	"Willis", "Marsh", "Ahmed", "Doyle", "Lowe", "Burns", "Hopkins", "Nicholson", "Parry", "Newman", "Jordan", "Henderson",
	"Howard", "Barrett", "Burton", "Riley", "Porter", "Byrne", "Houghton", "John", "Perry", "Baxter", "Ball", "Mccarthy",
	"Elliott", "Burke", "Gallagher", "Duncan", "Cooke", "Austin", "Read", "Wallace", "Hawkins", "Hayes", "Francis", "Sutton",
	"Davidson", "Sharp", "Holland", "Moss", "May", "Bates", "Bull", "O'Brien", "O'Connor", "O'Neill", "O’Sullivan"}

// The long tail of English last names, two thirds of which are borne by fewer than one in ten thousand, is made
// from the parts that most of them have: a place's first half and its second.
var (
	tailFirst = []string{"Ash", "Brad", "Hart", "Stan", "Whit", "Hol", "Thorn", "Win", "Marl", "Pen", "Red", "Shel", "Hazel", "Black",
		"Farn", "Lang", "Wal", "Nor", "Sut", "Ather", "Lin", "Kings", "Brom", "Crom", "Oak", "Wex", "Ald", "Cal", "Dun", "Ed",
		"Hather", "Green", "Mil", "Rad", "Stap", "Tat", "War", "Wool", "Hey", "Birk", "Ellis", "Fair", "Gren", "Hur", "Kim", "Light"}
	tailSecond = []string{"ton", "ley", "ford", "worth", "well", "by", "ham", "wood", "field", "bury", "shaw", "burn", "den", "stock",
		"ridge", "croft", "bourne", "combe", "hurst", "mead", "wick", "stone", "gate", "low", "don"}
)

// heritage is the names of people whose families came from elsewhere; in their own script where people have
// their names recorded so. share is how many in a thousand.
type heritage struct {
	share            int
	women, men, last []string
}

var heritages = []heritage{
	{45, // South Asian
		[]string{"Priya", "Ayesha", "Fatima", "Sunita", "Anjali", "Zainab", "Shabana", "Meera", "Harpreet", "Nadia", "Samina", "Pooja",
			"Jaspreet", "Rukhsana", "Nasreen", "Kiran", "Deepa", "Tahira"},
		[]string{"Mohammed", "Imran", "Sanjay", "Rajesh", "Amir", "Gurpreet", "Muhammad", "Vikram", "Asif", "Anil", "Tariq", "Harjit",
			"Rahul", "Bilal", "Nikhil", "Sukhdev", "Mohammad", "Faisal"},
		[]string{"Patel", "Khan", "Singh", "Ahmed", "Hussain", "Kaur", "Ali", "Begum", "Shah", "Sharma", "Malik", "Iqbal", "Akhtar",
			"Chaudhry", "Mistry", "Rahman", "Desai", "Gupta", "Mahmood", "Bhatti"}},
	{25, // Irish
		[]string{"Siobhán", "Niamh", "Aoife", "Sinéad", "Róisín", "Gráinne", "Ciara", "Orla", "Bridget", "Deirdre", "Caoimhe", "Maeve"},
		[]string{"Seán", "Patrick", "Liam", "Declan", "Ciarán", "Brendan", "Eoin", "Pádraig", "Conor", "Cormac", "Niall", "Dermot"},
		[]string{"Murphy", "Kelly", "O'Sullivan", "Walsh", "O'Brien", "Byrne", "Ryan", "O'Connor", "O'Neill", "O’Reilly", "Doyle",
			"McCarthy", "Gallagher", "Ó Súilleabháin", "Ní Bhriain", "Mac Giolla", "Fitzgerald", "O'Donoghue"}},
	{20, // Black British
		[]string{"Chioma", "Abena", "Folasade", "Ngozi", "Marcia", "Yewande", "Akosua", "Temitope", "Blessing", "Shanice", "Adaeze"},
		[]string{"Emeka", "Kwame", "Oluwaseun", "Chukwuemeka", "Kofi", "Tunde", "Delroy", "Winston", "Babatunde", "Yaw", "Leroy"},
		[]string{"Okafor", "Mensah", "Adeyemi", "Boateng", "Okonkwo", "Owusu", "Campbell", "Adebayo", "Asante", "Nwosu", "Balogun",
			"Francis", "Osei", "Olanrewaju", "Grant", "Eze"}},
	{18, // Polish and other central European
		[]string{"Agnieszka", "Katarzyna", "Małgorzata", "Zuzanna", "Łucja", "Jana", "Kateřina", "Magdalena", "Zsófia", "Şeyma"},
		[]string{"Paweł", "Łukasz", "Tomasz", "Michał", "Jiří", "Wojciech", "Zoltán", "Grzegorz", "Ondřej", "Murat"},
		[]string{"Nowak", "Kowalski", "Wójcik", "Wiśniewska", "Kamińska", "Zieliński", "Dvořák", "Novák", "Szabó", "Dąbrowska",
			"Kovács", "Łukasiewicz", "Yılmaz", "Øverby"}},
	{18, // western European
		[]string{"María José", "François", "Inês", "Élodie", "Chiara", "Jürgen", "Noémie", "Anaïs", "Lucía", "Beatriz", "Françoise"},
		[]string{"José", "João", "André", "Jörg", "Søren", "Luca", "Jordi", "Xavier", "Álvaro", "Mathieu", "Björn"},
		[]string{"García", "de la Cruz", "van der Berg", "Müller", "Fernandes", "Dubois", "di Marco", "da Silva", "Ferreira", "Muñoz",
			"Groß", "Lefèvre", "von Arnim", "Peña", "Bjørnsson", "D'Angelo"}},
	{10, // Welsh speakers
		[]string{"Angharad", "Eleri", "Lowri", "Siân", "Nia", "Mared", "Llinos", "Elin", "Mêl"},
		[]string{"Gwilym", "Iwan", "Aled", "Dafydd", "Siôn", "Llŷr", "Hywel", "Gruffydd", "Tomos"},
		[]string{"ap Rhys", "Llwyd", "Prydderch", "ap Huw", "Gwyn", "Môn", "Pritchard", "Bebb"}},
	{8, // Chinese
		[]string{"Mei", "Li Na", "Xiu Ying", "Wai Ling", "Suk-Yee"},
		[]string{"Wei", "Jun", "Ka Ming", "Chi-Keung", "Hao"},
		[]string{"Chan", "Wong", "Li", "Zhang", "Cheung", "Ng", "Lau", "Chen"}},
	{3, // Greek script
		[]string{"Ελένη", "Μαρία", "Αικατερίνη", "Σοφία"},
		[]string{"Γιώργος", "Νικόλαος", "Δημήτρης", "Ιωάννης"},
		[]string{"Παπαδόπουλος", "Γεωργίου", "Οικονόμου", "Χριστοδούλου"}},
	{3, // Cyrillic script
		[]string{"Олена", "Наталія", "Світлана", "Мария"},
		[]string{"Олександр", "Андрій", "Сергій", "Алексей"},
		[]string{"Шевченко", "Коваленко", "Бондаренко", "Иванов"}},
}

// doubleBarrel is what people with two last names write between them.
var doubleBarrel = []string{"-", "-", "-", " ", "‐"}

var (
	middleWomen = []string{"Louise", "Jane", "Marie", "Elizabeth", "Ann", "Anne", "Mary", "Rose", "Grace", "Claire", "Margaret",
		"Catherine", "Helen", "Victoria", "Jean", "Lucy", "Frances", "Ruth", "Kate", "Mair"}
	middleMen = []string{"James", "John", "David", "William", "Thomas", "Robert", "Michael", "Peter", "Edward", "George", "Lee", "Paul",
		"Alexander", "Charles", "Henry", "Joseph", "Andrew", "Richard", "Philip", "Rhys"}
)
